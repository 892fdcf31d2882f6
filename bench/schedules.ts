/*
 * `node bench/schedules.ts [--schedules 10000 --kill-after 0.3]`: so many schedules that are due at the same moment, three
 * panel processes and a simulated node, and one of the three killed in the middle by SIGKILL. Prints who ran how often,
 * and when. Wants a build.
 */
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { startDatabase } from '#server/database/embedded'
import { migrateDatabase } from '#server/database/migrate'
import { startWings } from '../simulator/wings.ts'
import { startPanel, TEST_SECRET } from '../tests/support/panel.ts'
import { seed } from './seed.ts'

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    /** Of all, when one process is killed; 0: none is. */
    'kill-after': { type: 'string', default: '0.3' },
  },
})
const SCHEDULES = Number(values.schedules)
const KILL_AFTER = Number(values['kill-after']) * SCHEDULES
const SERVERS = 50

const database = await startDatabase({
  isEphemeral: true,
  database: 'bench',
  settings: { fsync: 'on', synchronous_commit: 'on' },
})
process.env.DATABASE_URL = database.url
process.env.APP_SECRET = TEST_SECRET
await migrateDatabase({ url: database.url, folder: 'drizzle' })
const { closeDatabase, useDrizzle } = await import('#server/database/client')
const { node, servers } = await seed({ hungUrl: 'http://127.0.0.1:99' })
const db = useDrizzle()
const environment = { DATABASE_URL: database.url, LOG_LEVEL: 'error' }
const first = await startPanel(environment)

const [tokenId = '', token = ''] = node.bearer.split('.')
const wings = await startWings({
  panelUrl: first.url,
  tokenId,
  token,
  timing: { stepMs: 1, tickMs: 0, statsMs: 60_000 },
})
await db.execute(sql`update wings_nodes set base_url = ${wings.url} where token_identifier = ${tokenId}`)
const used = servers.slice(0, SERVERS)
for (const uuid of used) {
  await fetch(`${wings.url}/api/servers/${uuid}/power`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'start' }),
  })
}
await until('all servers run', async () => used.every((uuid) => wings.server(uuid).state === 'running'))
const panels = [first, await startPanel(environment), await startPanel(environment)]

const due = new Date(Math.ceil((Date.now() + 15_000) / 1000) * 1000)
await db.execute(sql`
  with made as (
    insert into server_schedules (server_id, name, cron, action, next_run_at, created_at, updated_at)
    select v.id, 'Bench', '0 4 * * *', 'command', ${due.toISOString()}::timestamp, now(), now()
      from generate_series(1, ${SCHEDULES}) n
      join lateral (select id from servers where uuid = (${sql.param(used)}::text[])[1 + n % ${SERVERS}]) v on true
    returning id)
  insert into server_schedule_tasks (schedule_id, sequence_id, action, payload, created_at, updated_at)
  select id, 1, 'command', 'say ' || id, now(), now() from made`)
await db.execute(sql`analyze server_schedules, server_schedule_tasks`)
console.log(`${SCHEDULES} schedules on ${SERVERS} servers of one node, due at ${due.toISOString()}`)
if (Date.now() > due.getTime()) throw new Error('They were due before all of them were there.')

let lost = 0
if (KILL_AFTER > 0) {
  await until('enough have run', async () => commands().length >= KILL_AFTER)
  panels[1]?.process.kill('SIGKILL')
  const killedAt = Date.now()
  await until('the dead one is noticed', async () => Date.now() - killedAt > 2000)
}
await until('none waits', async () => (await countOf('waiting')) === 0 && (await runsWritten()) === SCHEDULES, 300_000)
await until('none but the dead one’s runs', async () => {
  const running = await countOf('running')
  const isStill = running === lost
  lost = running
  return isStill
})

const said = commands()
const times = new Map<string, number>()
for (const { text } of said) times.set(text, (times.get(text) ?? 0) + 1)
const { rows } = await db.execute<Record<string, string>>(sql`
  select count(*) as runs, count(distinct schedule_id) as schedules,
         round(extract(epoch from max(t.started_at) - ${due.toISOString()}::timestamp)::numeric, 2) as "lastStartedAfterS",
         round(extract(epoch from percentile_disc(0.5) within group (order by t.started_at) - ${due.toISOString()}::timestamp)::numeric, 2) as "halfStartedAfterS",
         count(*) filter (where t.status = 'succeeded') as succeeded, count(*) filter (where t.status = 'failed') as failed,
         count(*) filter (where t.status = 'running') as "leftByTheDead"
    from schedule_runs r join schedule_run_tasks t on t.run_id = r.id`)
console.log({
  ...rows[0],
  commandsOnTheNode: said.length,
  saidTwice: [...times.values()].filter((count) => count > 1).length,
  neverSaid: SCHEDULES - times.size,
  lastCommandAfterS: Math.max(...said.map(({ at }) => at.getTime() - due.getTime())) / 1000,
})

// Five minutes later, by the clock of the database.
await db.execute(
  sql`update schedule_run_tasks set started_at = started_at - interval '6 minutes' where status = 'running'`,
)
await until('what the dead one left is settled', async () => (await countOf('running')) === 0, 90_000)
const { rows: settled } = await db.execute(sql`
  select coalesce(reason, 'none') as reason, count(*) from schedule_run_tasks group by 1 order by 1`)
const { rows: busy } = await db.execute(sql`select count(*) from server_schedules where is_processing`)
console.log(
  'reasons',
  settled,
  'schedules still under way',
  busy[0]?.count,
  'commands since',
  commands().length - said.length,
)

await Promise.all(panels.filter((_, index) => index !== 1 || KILL_AFTER === 0).map((panel) => panel.stop()))
await wings.stop()
await closeDatabase()
await database.stop()
process.exit(0)

function commands() {
  return wings.seen
    .filter(({ path }) => path.endsWith('/commands'))
    .map(({ body, at }) => ({ text: (body as { commands: string[] }).commands[0] ?? '', at }))
}

async function countOf(status: string): Promise<number> {
  const { rows: found } = await db.execute<{ count: string }>(
    sql`select count(*) from schedule_run_tasks where status = ${status}`,
  )
  return Number(found[0]?.count)
}

async function runsWritten(): Promise<number> {
  const { rows: found } = await db.execute<{ count: string }>(sql`select count(*) from schedule_runs`)
  return Number(found[0]?.count)
}

async function until(what: string, isSo: () => Promise<boolean>, forMs = 120_000): Promise<void> {
  const end = Date.now() + forMs
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what}: never`)
    await new Promise((later) => setTimeout(later, 100))
  }
}
