import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../env/operator-error.ts'
import { connect } from './connect.ts'
import { chooseAccount } from './embedded/account.ts'
import { findBinaries, type Binaries } from './embedded/binaries.ts'
import {
  CLUSTER_USER,
  createCluster,
  isFresh,
  providePassword,
  startCluster,
  type RunningCluster,
} from './embedded/cluster.ts'
import { findPostmaster, isStopped } from './embedded/postmaster.ts'
import { withStartLock } from './embedded/start-lock.ts'
import { watch } from './embedded/watchdog.ts'

export interface StartOptions {
  /** A database that exists already. Nothing is started then. */
  url?: string | undefined
  /** The panel's data folder; the cluster lies in a folder of it that carries PostgreSQL's number. */
  dataFolder?: string
  database?: string
  /** A throw-away cluster for tests: made in the temporary folder, without fsync, removed at its stop. */
  isEphemeral?: boolean
  settings?: Record<string, string | number>
  /** A server that ends without being asked to is started again, at the same address; this hears of it. */
  onRevival?: (sentence: string) => void
}

export interface RunningDatabase {
  url: string
  kind: 'external' | 'embedded'
  /** False when another living process started the server and this one only uses it. */
  isOwned: boolean
  stop: () => Promise<void>
  /** For the last moment of a process, where nothing can be awaited any more. */
  stopSync: () => void
}

const STOP_WITHIN_MS = 15_000
/** Where a whole machine shuts down, this process has ended by then. */
const REVIVE_AFTER_MS = 2_000
const PAUSE_MS = 100

/** A throw-away cluster has nothing to lose and many databases to copy. */
const EPHEMERAL_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
}

/** A PostgreSQL to work with: the one that is named, one that already runs on the data folder, or a new one. */
export async function startDatabase(options: StartOptions = {}): Promise<RunningDatabase> {
  if (options.url) {
    return { url: options.url, kind: 'external', isOwned: false, ...NOTHING_TO_STOP }
  }

  const binaries = findBinaries()
  const dataFolder = makeDataFolder(options, binaries.major)

  return withStartLock(`${dataFolder}.lock`, () => attachOrStart(dataFolder, binaries, options))
}

/** The embedded database's address, if it runs. */
export async function findRunningDatabase(options: StartOptions = {}): Promise<string | undefined> {
  const { major } = findBinaries()
  const dataFolder = clusterFolder(options, major)
  const port = findPostmaster(dataFolder)?.port

  return port && (await answers(port))
    ? urlOf(port, providePassword(`${dataFolder}.secret`), options.database)
    : undefined
}

const NOTHING_TO_STOP = { stop: async () => {}, stopSync: () => {} }

async function attachOrStart(dataFolder: string, binaries: Binaries, options: StartOptions): Promise<RunningDatabase> {
  const { isEphemeral = false, database = 'panel', onRevival } = options
  const fresh = isFresh(dataFolder, binaries.major)
  const account = chooseAccount(binaries, dataFolder)
  const passwordFile = `${dataFolder}.secret`
  const logFile = `${dataFolder}.log`
  const password = providePassword(passwordFile)

  const running = await findAnsweringPort(dataFolder)
  if (running) {
    return { url: urlOf(running, password, database), kind: 'embedded', isOwned: false, ...NOTHING_TO_STOP }
  }

  if (fresh) {
    await createCluster({ binaries, account, dataFolder, password, isEphemeral })
  }
  const settings = { ...(isEphemeral ? EPHEMERAL_SETTINGS : {}), ...options.settings }
  const start = (more: ClusterSettings = {}) =>
    startCluster({ binaries, account, dataFolder, logFile, settings: { ...settings, ...more } })
  const cluster = await start()
  const litter = isEphemeral ? [dataFolder, passwordFile, logFile] : []
  const revive = () => start({ port: cluster.port })
  const stops = keep(cluster, { dataFolder, litter, revive, onRevival })
  await provideDatabase(urlOf(cluster.port, password, 'postgres'), database)

  return { url: urlOf(cluster.port, password, database), kind: 'embedded', isOwned: true, ...stops }
}

const clusterFolder = ({ dataFolder = '.data' }: StartOptions, major: string) =>
  resolve(dataFolder, `postgres-${major}`)

function makeDataFolder(options: StartOptions, major: string): string {
  if (options.isEphemeral) {
    return mkdtempSync(join(tmpdir(), 'xyra-postgres-'))
  }

  const folder = clusterFolder(options, major)
  try {
    // In two steps: with mode 700 on the parent too, the account that PostgreSQL runs under could not pass.
    mkdirSync(dirname(folder), { recursive: true })
    accessSync(dirname(folder), constants.W_OK)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new OperatorError(
      `The data folder ${dirname(folder)} cannot be written (${(error as NodeJS.ErrnoException).code}). Give it to the account that runs the panel, or name another in XYRA_DATA_DIR.`,
      { cause: error },
    )
  }

  return folder
}

const urlOf = (port: number, password: string, database = 'panel') =>
  `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/${database}`

/** Another process may be starting it, or stopping it, at this moment: then its end is waited for. */
async function findAnsweringPort(dataFolder: string): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs < STOP_WITHIN_MS; waitedMs += PAUSE_MS) {
    const postmaster = findPostmaster(dataFolder)
    if (!postmaster) {
      return undefined
    }
    if (postmaster.isReady && (await answers(postmaster.port))) {
      return postmaster.port
    }
    await sleep(PAUSE_MS)
  }

  return undefined
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' })
      .once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      .once('error', () => resolve(false))
  })

/** Asked at each start: the first one may have been interrupted between the cluster and its database. */
async function provideDatabase(adminUrl: string, database: string): Promise<void> {
  const client = await connect(adminUrl)
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
    if (!rowCount) {
      await client.query(`create database ${client.escapeIdentifier(database)}`)
    }
  } finally {
    await client.end()
  }
}

type ClusterSettings = Record<string, string | number>

interface Keep {
  dataFolder: string
  litter: string[]
  revive: () => Promise<RunningCluster>
  onRevival: StartOptions['onRevival']
}

function keep(
  first: RunningCluster,
  { dataFolder, litter, revive, onRevival }: Keep,
): Pick<RunningDatabase, 'stop' | 'stopSync'> {
  let held = hold(first)
  let stopping: Promise<void> | undefined
  let reviving: Promise<void> | undefined

  function hold({ child }: RunningCluster) {
    child.unref()
    if (onRevival) child.once('exit', () => (reviving = startAgain(onRevival)))
    return { child, watchdog: watch({ pid: child.pid ?? 0, dataFolder, litter }) }
  }

  async function startAgain(tell: (sentence: string) => void): Promise<void> {
    await sleep(REVIVE_AFTER_MS, undefined, { ref: false })
    if (stopping) return
    tell('The database of the panel has ended by itself and is started again.')
    try {
      const cluster = await revive()
      held.watchdog.dismiss()
      held = hold(cluster)
    } catch (error) {
      tell((error as Error).message)
      await startAgain(tell)
    }
  }

  const leave = () => {
    held.watchdog.dismiss()
    for (const path of litter) {
      rmSync(path, { recursive: true, force: true })
    }
  }

  async function stopHeld(): Promise<void> {
    await reviving
    await stopCluster(held.child)
    leave()
  }

  return {
    stop: () => (stopping ??= stopHeld()),
    stopSync() {
      if (stopping || isStopped(dataFolder)) {
        return
      }
      held.child.kill('SIGINT')
      const cell = new Int32Array(new SharedArrayBuffer(4))
      for (let waitedMs = 0; waitedMs < STOP_WITHIN_MS && !isStopped(dataFolder); waitedMs += 20) {
        Atomics.wait(cell, 0, 0, 20)
      }
      leave()
    },
  }
}

/** SIGINT rolls open transactions back and writes a checkpoint. */
async function stopCluster(child: RunningCluster['child']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return
  }

  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  child.ref()
  child.kill('SIGINT')
  const hurry = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS)
  await gone
  clearTimeout(hurry)
}
