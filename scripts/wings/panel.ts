import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { z } from 'zod'
import { freePort, startProgram, type Program } from './program.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const XYRA = ['--disable-warning=ExperimentalWarning', join(ROOT, 'bin', 'xyra.ts')]
const READY_WITHIN_MS = 120_000

export interface Panel {
  origin: string
  readonly program: Program
  /** Ended in the middle of whatever it does. */
  kill(): Promise<void>
  /** Started again where it was. */
  start(): Promise<void>
  killAndStart(): Promise<void>
  /** Somebody in its place who hangs up on everybody, and remembers what they asked. */
  holdPort(): Promise<{ asked(): string[]; release(): Promise<void> }>
  /** Its database is killed, and again whenever the panel has started it; `refused` is what it could not serve meanwhile. */
  holdDatabaseDown(): Promise<{ refused(): string[]; release(): Promise<void> }>
  /** What it logged as an error; while its database is killed that is only what its requests could not stand. */
  errors(): string[]
  createAdministrator(): Promise<{ user: string; password: string; id: number }>
  /** Which events of a server are written down; out of the database, since no route lists them. */
  eventsOf(serverId: number): Promise<string[]>
  /** The same of those that name something, each as often as it is there. */
  eventsAbout(serverId: number, name: string): Promise<string[]>
}

const examined = z.object({ databaseUrl: z.string() })
const created = z.object({ id: z.int(), username: z.string(), root_admin: z.literal(true), password: z.string() })

/** A panel of its own: the build in `.output` over a database in the given folder, and nothing of this machine's settings. */
export async function startPanel(folder: string): Promise<Panel> {
  const port = await freePort()
  // Daemons compare this letter by letter with the Origin of a console.
  const origin = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    DATABASE_URL: '',
    APP_SECRET: '',
    APP_URL: origin,
    HOST: '127.0.0.1',
    PORT: String(port),
    XYRA_DATA_DIR: join(folder, 'panel'),
  }
  const isReady = async () => (await fetch(`${origin}/api/health`).catch(() => undefined))?.ok ?? false

  const log = join(folder, 'panel.log')

  async function start(): Promise<Program> {
    const started = await startProgram({
      name: 'The panel',
      command: process.execPath,
      args: [...XYRA, 'start'],
      env,
      log,
    })
    try {
      await started.ready(isReady, READY_WITHIN_MS)
    } catch (error) {
      await started.stop()
      throw error
    }
    return started
  }

  let program = await start()

  const again = {
    kill: () => program.kill(),
    async start() {
      program = await start()
    },
    async killAndStart() {
      await again.kill()
      await again.start()
    },
  }

  async function holdPort() {
    const asked: string[] = []
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (bytes) => {
        asked.push(bytes.toString('latin1').split(/[ ?]/, 2)[1] ?? '')
        socket.destroy()
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ port, host: '127.0.0.1' }, resolve)
    })
    return {
      asked: () => asked,
      release: () => new Promise<void>((resolve) => server.close(() => resolve())),
    }
  }

  const outages: { from: string; to: string }[] = []

  const errors = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((text) => /"level":"(error|fatal)"|unhandled|uncaught/i.test(text))
      .filter((text) => {
        const at = /"time":"([^"]+)"/.exec(text)?.[1] ?? ''
        return text.includes('"request failed"') || !outages.some(({ from, to }) => from <= at && at <= to)
      })

  function databaseProcess(): number | undefined {
    const cluster = readdirSync(env.XYRA_DATA_DIR).find((name) => /^postgres-[0-9]+$/.test(name)) ?? ''
    const file = join(env.XYRA_DATA_DIR, cluster, 'postmaster.pid')
    return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined : undefined
  }

  async function holdDatabaseDown() {
    const [from, since] = [readFileSync(log, 'utf8').length, new Date().toISOString()]
    const killing = new AbortController()
    const killed = (async () => {
      for (let last: number | undefined; !killing.signal.aborted; await sleep(20)) {
        const pid = databaseProcess()
        if (pid === undefined || pid === last) continue
        last = pid
        process.kill(pid, 'SIGKILL')
      }
    })()
    await sleep(100)
    return {
      refused: () =>
        readFileSync(log, 'utf8')
          .slice(from)
          .split('\n')
          .filter((text) => text.includes('"panel.database_away"'))
          .flatMap((text) => /"path":"([^"]+)"/.exec(text)?.[1] ?? []),
      async release() {
        killing.abort()
        await killed
        await program.ready(isReady, READY_WITHIN_MS)
        outages.push({ from: since, to: new Date().toISOString() })
      },
    }
  }

  async function createAdministrator() {
    const person = ['--username', 'admin', '--email', 'admin@example.com', '--name-first', 'Ada', '--name-last', 'Min']
    const commandLine = [...XYRA, 'create-user', ...person, '--root', '--json']
    const { stdout } = await promisify(execFile)(process.execPath, commandLine, { env })
    const { id, username, password } = created.parse(JSON.parse(stdout))
    return { id, user: username, password }
  }

  async function ask(question: string, values: string[]) {
    const { stdout } = await promisify(execFile)(process.execPath, [...XYRA, 'doctor', '--json'], { env })
    const client = new pg.Client({ connectionString: examined.parse(JSON.parse(stdout)).databaseUrl })
    await client.connect()
    try {
      const { rows } = await client.query<{ action: string }>(question, values)
      return rows.map(({ action }) => action)
    } finally {
      await client.end()
    }
  }

  return {
    origin,
    get program() {
      return program
    },
    ...again,
    holdPort,
    holdDatabaseDown,
    errors,
    createAdministrator,
    eventsOf: (serverId) => ask('select distinct action from audit_events where server_id = $1', [String(serverId)]),
    eventsAbout: (serverId, name) =>
      ask('select action from audit_events where server_id = $1 and position($2 in metadata) > 0', [
        String(serverId),
        name,
      ]),
  }
}
