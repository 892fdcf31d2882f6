import { strict as assert } from 'node:assert'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { ConsoleSocket } from './console-socket.ts'
import { startDaemon, type Configuration, type Daemon, type Flavour } from './daemon.ts'
import type { Network } from './docker.ts'
import type { Panel } from './panel.ts'
import type { Session } from './session.ts'

export interface Options {
  binary: string
  flavour: Flavour
  gameImage: string
  installerImage: string
  /** How many servers the largest boot has. */
  servers: number
}

export interface Server {
  id: number
  uuid: string
  identifier: string
}

export interface Helper {
  user: string
  password: string
  email: string
  uuid: string
}

/** A person at a server that is not his. */
interface Guest {
  uuid: string
  session: Session
  console: ConsoleSocket
}

export interface Target {
  nodeId: number
  given: Configuration
  network: Network
  allocation: { id: number; port: number }
}

/** What the steps find, and what is cleaned up after the last one. */
export interface Found {
  options: Options
  folder: string
  /** Of every server that was asked for: their containers bear these names. */
  uuids: string[]
  network?: Network
  /** Of the same content as the game's. */
  otherImage?: { name: string; remove(): Promise<void> }
  panel?: Panel
  administrator?: { id: number; user: string; password: string }
  session?: Session
  locationId?: number
  nodeId?: number
  given?: Configuration
  allocations?: { id: number; port: number }[]
  eggId?: number
  /** Its installer's image cannot be had. */
  brokenEggId?: number
  daemon?: Daemon
  server?: Server
  installedServer?: Server
  /** Open while the server runs. */
  console?: ConsoleSocket
  /** Of another person, who is nobody to the server at first. */
  helper?: Helper
  guest?: Guest
  /** Where the server travels to. */
  target?: Target
  targetDaemon?: Daemon
  backup?: string
  crowd?: Server[]
  hasSeenCrowd?: true
}

export const INSTALLED_WITHIN_MS = 90_000
export const STATE_WITHIN_MS = 30_000
export const LINE_WITHIN_MS = 10_000
const POLL_MS = 400

export const numbered = z.object({ attributes: z.object({ id: z.int() }) })
export const serverMade = z.object({
  attributes: z.object({ id: z.int(), uuid: z.uuid(), identifier: z.string(), status: z.string().nullable() }),
})
export const serverList = z.object({
  data: z.array(serverMade),
  meta: z.object({ pagination: z.object({ total: z.int() }) }),
})
export const fileList = z.object({
  data: z.array(z.object({ attributes: z.object({ name: z.string(), is_file: z.boolean() }) })),
})

export async function boot(
  { options, folder, given, network }: Required<Pick<Found, 'options' | 'folder' | 'given' | 'network'>>,
  note: (remark: string) => void,
): Promise<Daemon> {
  const { binary, flavour } = options
  const daemon = await startDaemon({ binary, flavour, given, network, folder: join(folder, 'daemon') })
  note(`answers after ${Math.round(daemon.bootMs)} ms`)
  return daemon
}

type Creation = Required<Pick<Found, 'session' | 'administrator' | 'eggId' | 'options' | 'uuids'>>

interface Wanted {
  name: string
  allocation: { id: number } | undefined
  skipScripts: boolean
  egg?: number
  /** That the installation takes. */
  seconds?: number
}

export async function createServer(
  { session, administrator, eggId, options, uuids }: Creation,
  { name, allocation, skipScripts, egg = eggId, seconds = 2 }: Wanted,
): Promise<Server> {
  assert.ok(allocation, 'an allocation is left')
  const reply = await session.call('POST /api/application/servers', {
    name,
    user: administrator.id,
    egg,
    docker_image: options.gameImage,
    startup: 'sh game.sh {{TRIAL_WORD}}',
    environment: { TRIAL_WORD: 'alpha', TRIAL_SECONDS: String(seconds) },
    limits: { memory: 128, swap: 0, disk: 256, io: 500, cpu: 0 },
    feature_limits: { databases: 0, backups: 1, allocations: 1 },
    allocation: { default: allocation.id },
    skip_scripts: skipScripts,
  })
  const { id, uuid, identifier, status: current } = serverMade.parse(reply).attributes
  uuids.push(uuid)
  // Without a script the daemon may report before the panel has answered.
  assert.ok(current === 'installing' || (skipScripts && current === null), `a new server is ${current}`)
  return { id, uuid, identifier }
}

const state = z.object({ attributes: z.object({ status: z.string().nullable() }) })

/** As the panel has it: null for a normal one. */
export const statusOf = async (session: Session, { identifier }: Pick<Server, 'identifier'>): Promise<string | null> =>
  state.parse(await session.call(`GET /api/client/servers/${identifier}`)).attributes.status

export async function deleteServer(session: Session, { id }: Server): Promise<void> {
  await session.call(`DELETE /api/application/servers/${id}`)
}

const backupMade = z.object({
  attributes: z.object({ uuid: z.uuid(), is_successful: z.boolean(), completed_at: z.string().nullable() }),
})
const backupsOf = ({ identifier }: Pick<Server, 'identifier'>) => `/api/client/servers/${identifier}/backups`

/** Begins one, and gives its uuid. */
export async function startBackup(session: Session, server: Pick<Server, 'identifier'>, name: string): Promise<string> {
  return backupMade.parse(await session.call(`POST ${backupsOf(server)}`, { name })).attributes.uuid
}

/** Throws when it fails. */
export const untilBackedUp = (session: Session, server: Pick<Server, 'identifier'>, uuid: string): Promise<void> =>
  until('the backup is complete', STATE_WITHIN_MS, async () => {
    const { attributes } = backupMade.parse(await session.call(`GET ${backupsOf(server)}/${uuid}`))
    assert.ok(attributes.completed_at === null || attributes.is_successful, 'the backup failed')
    return attributes.completed_at !== null
  })

const personMade = z.object({ attributes: z.object({ uuid: z.uuid() }) })

/** An account that has to do with no server. */
export async function createPerson(session: Session, user: string): Promise<Helper> {
  const one = { user, email: `${user}@example.com`, password: randomBytes(12).toString('base64url') }
  const { email, password } = one
  const names = { first_name: 'Grace', last_name: 'Hopper' }
  const made = await session.call('POST /api/application/users', { username: user, email, password, ...names })
  return { ...one, uuid: personMade.parse(made).attributes.uuid }
}

export async function power(
  session: Session,
  { identifier }: Server,
  signal: 'start' | 'stop' | 'restart' | 'kill',
): Promise<void> {
  await session.call(`POST /api/client/servers/${identifier}/power`, { signal })
}

export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`)
    await sleep(POLL_MS)
  }
}

/** What lies on the daemon's disk: one flavour has a folder for each server. */
export const archivesIn = (folder: string) =>
  readdirSync(join(folder, 'daemon', 'backups'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tar.gz'))
    .map((name) => name.split('/').at(-1)?.replace('.tar.gz', ''))

/** Text that no archive makes smaller. */
export function noise(length: number): string {
  let state = 1
  const next = () => (state = (state * 48_271) % 2_147_483_647)
  return Buffer.from(Array.from({ length }, () => 33 + (next() % 90))).toString('latin1')
}
