/*
 * `npm run bench [-- --seconds 8 --only 'boot list']`: a panel of its own, seeded, measured case by case, in one run.
 * Prints a table for RESULTS.md. Wants a build, and nothing else running on the machine.
 */
import { spawn } from 'node:child_process'
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startDatabase } from '#server/database/embedded'
import { migrateDatabase } from '#server/database/migrate'
import { casesOf } from './cases.ts'
import { cpuOf, measure, type Case, type Figures, type Measured } from './measure.ts'
import { MANY_NODES, measureMinute, measureRest, seedManyNodes } from './minute.ts'
import { PASSWORD, seed, type Seeded } from './seed.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    only: { type: 'string' },
    /** Until the compiler has seen enough of a case: after two seconds a list still costs half as much again. */
    warm: { type: 'string', default: '8' },
    /** Also what the database needed for each statement of a case. */
    statements: { type: 'boolean', default: false },
    /** Keeps a profile of the server in this folder. */
    profile: { type: 'string' },
  },
})
const seconds = Number(values.seconds)

const secret = randomBytes(32).toString('hex')
const database = await startDatabase({
  isEphemeral: true,
  database: 'bench',
  settings: { shared_preload_libraries: 'pg_stat_statements', fsync: 'on', synchronous_commit: 'on' },
})
process.env.DATABASE_URL = database.url
process.env.APP_SECRET = secret

/** Accepts and never answers. */
const hung: Server = createServer(() => {})
await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve))

const admin = new pg.Client({ connectionString: database.url })
await admin.connect()
await migrateDatabase({ url: database.url, folder: 'drizzle' })
await admin.query('create extension if not exists pg_stat_statements')
const { userId, ...told } = await seed({ hungUrl: `http://127.0.0.1:${(hung.address() as AddressInfo).port}` })
// As a database is that has lived for a minute.
await admin.query('vacuum analyze')
const seeded: Seeded = { ...told, cookie: await sessionOf(userId) }
await setPassword(userId)

const port = await freePort()
const url = `http://127.0.0.1:${port}`
const startedAt = performance.now()
const panel = spawn(
  process.execPath,
  [
    '--max-semi-space-size=16',
    '--max-old-space-size=512',
    ...(values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []),
    '.output/server/index.mjs',
  ],
  {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      APP_SECRET: secret,
      APP_URL: url,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'fatal',
      NITRO_SHUTDOWN_TIMEOUT: '1000',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
)
await untilHealthy()
const startMs = Math.round(performance.now() - startedAt)
// Far more than a person's share: what is measured is the work, not the limiter.
await admin.query(
  `insert into settings (key, value, updated_at) values ('limits.clientPerMinute', '1000000', now()), ('limits.applicationPerMinute', '1000000', now()) on conflict (key) do nothing`,
)
await admin.query(`select pg_notify('xyra', '{"topic":"settings","told":{}}')`)

const measured: Measured = { url, serverPid: panel.pid ?? 0, postmasterPid: postmasterOf(), database: admin }
const asNode = { authorization: `Bearer ${seeded.node.bearer}` }
const cases = casesOf({ url, seeded, identifiers: await identifiers() })

const figures: Figures[] = []
for (const one of cases.filter(({ name }) => !values.only || name.includes(values.only))) {
  await untilIdle()
  await measure(measured, { ...one, amount: undefined } as unknown as Case, Number(values.warm))
  await untilIdle()
  const isHung = one.name.includes('hung')
  const askers = isHung ? askHungNode() : undefined
  if (values.statements) await admin.query('select pg_stat_statements_reset()')
  figures.push(await measure(measured, one, seconds))
  askers?.()
  if (values.statements) await printStatements(one.name)
}

console.log(
  `\n${cpus()[0]?.model} x ${cpus().length}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; start to the first 200 of /api/health: ${startMs} ms\n`,
)
console.log(
  '| case | req/s | p50 ms | p97.5 ms | p99 ms | server CPU ms | beside hashing ms | database CPU ms | statements | peak MiB | failed |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
for (const row of figures) console.log(`| ${Object.values(row).join(' | ')} |`)
const refused = figures.filter(({ failed, perSecond }) => failed > 0 || perSecond === 0).map(({ name }) => name)
if (refused.length > 0) console.log(`\nNot measured, requests failed or took too long: ${refused.join('; ')}`)

await bootOnce()
if (!values.only || 'minute'.includes(values.only)) await manyNodes()
panel.kill('SIGTERM')
await new Promise((resolve) => panel.once('exit', resolve))
hung.close()
await admin.end()
const { closeDatabase } = await import('#server/database/client')
await closeDatabase()
await database.stop()
process.exit(refused.length > 0 ? 1 : 0)

/** The database's own account of a case: executing only, without what parsing, sending and the processes around it cost. */
async function printStatements(name: string): Promise<void> {
  const { rows } = await admin.query<{ calls: string; mean: number; query: string }>(
    `select calls, round(mean_exec_time::numeric, 3) as mean, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as query
       from pg_stat_statements where query !~* 'pg_stat_statements|pgboss' order by total_exec_time desc limit 6`,
  )
  console.log(`\n${name}`)
  for (const { calls, mean, query } of rows) console.log(`  ${calls} x ${mean} ms  ${query}`)
}

/** Whoever asked is gone, and what he asked for is still worked on: the next case would be measured with it. */
async function untilIdle(): Promise<void> {
  for (let last = -1; last !== cpuOf(measured.serverPid);) {
    last = cpuOf(measured.serverPid)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** What a daemon with 500 servers costs at its start: ten pages, then each server once. */
async function bootOnce(): Promise<void> {
  const from = cpuOf(measured.serverPid)
  for (let page = 1; page <= 10; page++)
    await (await fetch(`${url}/api/remote/servers?page=${page}&per_page=50`, { headers: asNode })).arrayBuffer()
  const between = cpuOf(measured.serverPid)
  for (const uuid of seeded.servers)
    await (await fetch(`${url}/api/remote/servers/${uuid}`, { headers: asNode })).arrayBuffer()
  console.log(
    `\nboot of a node with ${seeded.servers.length} servers: ${between - from} ms of server CPU for 10 pages, ${cpuOf(measured.serverPid) - between} ms for ${seeded.servers.length} single configurations`,
  )
}

/** Warmed up once: a panel that has just started compiles for the first nodes what the others then use. */
async function manyNodes(): Promise<void> {
  const rest = await measureRest(measured)
  const many = await seedManyNodes()
  await measureMinute(measured, many, seeded.cookie)
  const parts = await measureMinute(measured, many, seeded.cookie)
  many.machine.closeAllConnections()
  many.machine.close()
  const seconds = (of: 'serverMs' | 'databaseMs') => (parts.reduce((sum, part) => sum + part[of], 0) / 1000).toFixed(2)
  const each = parts.map(({ what, serverMs, databaseMs }) => `${what} ${serverMs} and ${databaseMs} ms`).join(', ')
  console.log(
    `\nthe minute of ${MANY_NODES} nodes: ${seconds('serverMs')} s of server CPU and ${seconds('databaseMs')} s in the database (${each}; of each minute ${rest.serverMs} and ${rest.databaseMs} ms at rest)`,
  )
}

/** People who look at servers of the node that never answers, while others are measured. */
function askHungNode(): () => void {
  const done = new AbortController()
  void (async () => {
    const { rows } = await admin.query<{ identifier: string }>(
      'select identifier from servers where node_id = $1 limit 20',
      [seeded.hungNodeId],
    )
    while (!done.signal.aborted) {
      await fetch(`${url}/api/client/resources?servers=${rows.map(({ identifier }) => identifier).join(',')}`, {
        headers: { authorization: `Bearer ${seeded.applicationKey}`, cookie: seeded.cookie },
      })
        .then((reply) => reply.arrayBuffer())
        .catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return () => done.abort()
}

async function identifiers(): Promise<string[]> {
  const { rows } = await admin.query<{ identifier: string }>(
    `select identifier from servers where owner_id = '1' order by id::bigint limit 20`,
  )
  return rows.map(({ identifier }) => identifier)
}

async function sessionOf(user: string): Promise<string> {
  const token = randomBytes(24).toString('hex')
  await admin.query(
    `insert into sessions (id, session_token, user_id, expires, expires_at, created_at, updated_at) values ($1, $2, $3, now() + interval '7 days', now() + interval '7 days', now(), now())`,
    [randomUUID(), token, user],
  )
  await admin.query(
    `insert into session_metadata (session_token, first_seen_at, last_seen_at) values ($1, now(), now())`,
    [token],
  )
  const signature = createHmac('sha256', secret).update(token).digest('base64')
  return `panel.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}

async function setPassword(user: string): Promise<void> {
  const { hashPassword } = await import('better-auth/crypto')
  await admin.query(
    `insert into accounts (id, user_id, type, provider, provider_id, provider_account_id, account_id, password, created_at, updated_at) values ($1, $2, 'credential', 'credential', 'credential', $2, $2, $3, now(), now())`,
    [randomUUID(), user, await hashPassword(PASSWORD)],
  )
}

function postmasterOf(): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`port=${new URL(database.url).port}`)
      } catch {
        return false
      }
    })
  return Number(found)
}

async function untilHealthy(): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (
      await fetch(`${url}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('The panel did not start.')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo
      server.close(() => resolve(free))
    })
  })
}
