import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { PgBoss } from 'pg-boss'
import { closeDatabase, useDrizzle } from '#server/database/client'
import type { WingsNodeRow } from '#server/database/schema'
import { freePort } from '../../scripts/demo/panel.ts'
import { startDatabase } from '../../server/database/embedded.ts'
import { findPostmaster } from '../../server/database/embedded/postmaster.ts'
import { migrateDatabase } from '../../server/database/migrate.ts'
import { makeAllocation, makeApiKey, makeEgg, makeNode, makeRootAdmin } from './factories'
import { openGate, type Gate } from './gate'
import { startPanel, TEST_SECRET, type RunningPanel } from './panel'
import { changeSettings } from './settings'

/** A program that can be killed in the middle of its work and started again where it was. */
export interface Victim {
  kill: () => Promise<void>
  start: () => Promise<void>
}

export interface Answer {
  status: number
  body: ReturnType<typeof JSON.parse>
}

export interface StagedNode extends Victim {
  row: WingsNodeRow
  /** Between the panel and the node. */
  gate: Gate
  dataDir: string
  /** The uuids that it holds, one as often as it is registered. */
  servers: () => Promise<string[]>
}

export interface CrashStage {
  panel: Victim
  /** Between the nodes and the panel. */
  gate: Gate
  database: Victim
  nodes: [StagedNode, StagedNode]
  /** By a root administrator's keys. Null where the panel died before it answered. */
  call: (signature: string, body?: unknown) => Promise<Answer | null>
  serverBody: (name: string, more?: Record<string, unknown>) => Promise<Record<string, unknown>>
  /** Lets every job that waits for its time run at once. */
  hurry: () => Promise<void>
  /** A day goes by for whatever is under way, and what looks for such things once looks. */
  passDay: () => Promise<void>
  output: () => string
  close: () => Promise<void>
}

type Flavour = 'pterodactyl' | 'pelican'

/** The built panel, a PostgreSQL and two nodes, each a process of its own, each reached through a gate. */
export async function setCrashStage(flavour: Flavour): Promise<CrashStage> {
  const folder = mkdtempSync(join(tmpdir(), 'xyra-crash-'))
  const database = await stageDatabase(folder)
  process.env.DATABASE_URL = database.url
  process.env.APP_SECRET = TEST_SECRET

  // Whoever waits for the end of many crashes asks more often than a billing system.
  await changeSettings({ 'limits.applicationPerMinute': 100_000, 'limits.clientPerMinute': 100_000 })

  const panel = await stagePanel(database.url)
  const gate = await openGate(() => panel.url)
  const nodes = [await stageNode(gate, folder, flavour), await stageNode(gate, folder, flavour)] as const
  const root = await makeRootAdmin()
  const everything = { servers: 3, nodes: 3, allocations: 3, users: 3, locations: 3, nests: 3, eggs: 3 }
  const keys = {
    application: (await makeApiKey(root.id, { kind: 'application', permissions: everything })).token,
    client: (await makeApiKey(root.id)).token,
  }
  const egg = await makeEgg({ configStartup: '{"done": "Server ready"}', configStop: 'stop' }, { variables: [] })

  return {
    panel,
    gate,
    database,
    nodes: [...nodes],
    async call(signature, body) {
      const [method = 'GET', path = '/'] = signature.split(' ')
      const reply = await fetch(panel.url + path, {
        method,
        headers: {
          authorization: `Bearer ${path.startsWith('/api/application') ? keys.application : keys.client}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).catch(() => null)
      const text = await reply?.text().catch(() => null)
      return reply && typeof text === 'string'
        ? { status: reply.status, body: text === '' ? null : JSON.parse(text) }
        : null
    },
    async serverBody(name, more = {}) {
      const allocation = await makeAllocation(nodes[0].row.id)
      return {
        name,
        user: Number(root.id),
        egg: Number(egg.id),
        docker_image: egg.dockerImage,
        startup: egg.startup,
        environment: {},
        limits: { memory: 512, swap: 0, disk: 1024, io: 500, cpu: 100 },
        feature_limits: { databases: 0, backups: 5, allocations: 1 },
        allocation: { default: Number(allocation.id) },
        ...more,
      }
    },
    async hurry() {
      await useDrizzle().execute(sql`update pgboss.job set start_after = now() where state < 'active'`)
      await useDrizzle().execute(
        sql`select pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), name) from pgboss.queue`,
      )
    },
    async passDay() {
      await useDrizzle().execute(sql`
        update server_transfers set updated_at = updated_at - interval '25 hours', archived_at = archived_at - interval '25 hours'
         where finished_at is null`)
      await useDrizzle().execute(
        sql`update server_backups set created_at = created_at - interval '25 hours' where completed_at is null`,
      )
      await useDrizzle().execute(
        sql`update schedule_run_tasks set started_at = started_at - interval '25 hours' where status = 'running'`,
      )
      await orderNow(database.url, ['transfers.check', 'backups.expire-stuck', 'schedules.settle-interrupted'])
    },
    output: panel.output,
    async close() {
      await Promise.all(nodes.map((node) => node.kill()))
      await panel.kill()
      await Promise.all([gate, ...nodes.map((node) => node.gate)].map((one) => one.close()))
      await closeDatabase()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What the timetable does within the hour. */
async function orderNow(connectionString: string, jobs: readonly string[]): Promise<void> {
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false, max: 1 })
  await boss.start()
  for (const job of jobs) await boss.send(job, {}, { singletonKey: randomUUID() })
  await boss.stop()
}

/** Asks again until it is so; what fails meanwhile, because something is down, is asked again. */
export async function becomes<Value>(
  what: string,
  ask: () => Promise<Value>,
  isSo: (value: Value) => boolean,
  forMs = 40_000,
): Promise<Value> {
  const end = Date.now() + forMs
  for (;;) {
    const value = await ask().catch((error: unknown) => error as Error)
    if (!(value instanceof Error) && isSo(value)) return value
    if (Date.now() > end)
      throw new Error(`${what} never became so: ${value instanceof Error ? value.message : JSON.stringify(value)}`)
    await new Promise((later) => setTimeout(later, 50))
  }
}

async function stageDatabase(folder: string) {
  const port = await freePort()
  const open = () => startDatabase({ dataFolder: folder, database: 'panel', settings: { port } })
  let running = await open()
  await migrateDatabase({ url: running.url, folder: 'drizzle' })
  const cluster = () => join(folder, readdirSync(folder).find((name) => /^postgres-\d+$/.test(name)) ?? 'none')

  return {
    url: running.url,
    async kill() {
      const postmaster = findPostmaster(cluster())
      if (postmaster) process.kill(postmaster.pid, 'SIGKILL')
      await becomes(
        'the end of PostgreSQL',
        async () => findPostmaster(cluster()),
        (found) => found === undefined,
      )
    },
    async start() {
      // Its processes that outlive it for a moment still hold its memory.
      running = await becomes('PostgreSQL', open, (opened) => opened.isOwned)
    },
    stop: () => running.stop(),
  }
}

async function stagePanel(databaseUrl: string) {
  const environment = { DATABASE_URL: databaseUrl, PORT: String(await freePort()) }
  let running: RunningPanel = await startPanel(environment)
  let said = ''

  return {
    url: running.url,
    output: () => said + running.output(),
    async kill() {
      said += running.output()
      await ended(running.process)
    },
    async start() {
      running = await startPanel(environment)
    },
  }
}

async function stageNode(panelGate: Gate, folder: string, flavour: Flavour): Promise<StagedNode> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const gate = await openGate(() => url)
  const token = `T${'0123456789abcdef'.repeat(4)}`.slice(0, 64)
  const row = await makeNode({
    baseUrl: gate.url,
    daemonListen: gate.port,
    tokenIdentifier: `node${port}`.padEnd(16, 'x'),
    tokenSecret: token,
    apiToken: token,
    memory: 1_000_000,
    disk: 1_000_000,
    flavour: null,
    version: null,
    lastSeenAt: null,
  })
  const dataDir = join(folder, `node-${port}`)
  let child: ChildProcess

  async function start(): Promise<void> {
    child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        'simulator/cli.ts',
        ...['--panel', panelGate.url, '--token-id', row.tokenIdentifier, '--token', token],
        ...['--flavour', flavour, '--host', '127.0.0.1', '--port', String(port), '--data', dataDir],
      ],
      { stdio: 'ignore' },
    )
    await becomes('the node', () => held(), Boolean)
  }
  async function held(): Promise<string[]> {
    const reply = await fetch(`${url}/api/servers`, { headers: { authorization: `Bearer ${token}` } })
    return ((await reply.json()) as { configuration: { uuid: string } }[]).map(
      ({ configuration }) => configuration.uuid,
    )
  }

  await start()
  return { row, gate, dataDir, servers: held, start, kill: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await end
}
