import { execFile } from 'node:child_process'
import { join } from 'node:path'
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
  /** Ended in the middle of whatever it does, and started again where it was. */
  killAndStart(): Promise<void>
  createAdministrator(): Promise<{ user: string; password: string; id: number }>
  /** Which events of a server are written down; out of the database, since no route lists them. */
  eventsOf(serverId: number): Promise<string[]>
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

  async function start(): Promise<Program> {
    const log = join(folder, 'panel.log')
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

  async function killAndStart() {
    await program.kill()
    program = await start()
  }

  async function createAdministrator() {
    const person = ['--username', 'admin', '--email', 'admin@example.com', '--name-first', 'Ada', '--name-last', 'Min']
    const commandLine = [...XYRA, 'create-user', ...person, '--root', '--json']
    const { stdout } = await promisify(execFile)(process.execPath, commandLine, { env })
    const { id, username, password } = created.parse(JSON.parse(stdout))
    return { id, user: username, password }
  }

  async function eventsOf(serverId: number) {
    const { stdout } = await promisify(execFile)(process.execPath, [...XYRA, 'doctor', '--json'], { env })
    const client = new pg.Client({ connectionString: examined.parse(JSON.parse(stdout)).databaseUrl })
    await client.connect()
    try {
      const question = 'select distinct action from audit_events where server_id = $1'
      const { rows } = await client.query<{ action: string }>(question, [String(serverId)])
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
    killAndStart,
    createAdministrator,
    eventsOf,
  }
}
