import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '../../env/operator-error.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { findPostmaster } from './postmaster.ts'

export const CLUSTER_USER = 'panel'

const READY_WITHIN_MS = 60_000
const PAUSE_MS = 20

/** A folder that is not provably a cluster of ours is never filled, given away or removed. */
export function isFresh(dataFolder: string, major: string): boolean {
  if (readdirSync(dataFolder).length === 0) {
    return true
  }

  const version = join(dataFolder, 'PG_VERSION')
  if (!existsSync(version)) {
    throw new OperatorError(
      `${dataFolder} is not empty and holds no PostgreSQL data. Empty it, or name another folder in XYRA_DATA_DIR.`,
    )
  }
  const made = readFileSync(version, 'utf8').trim()
  if (made !== major) {
    throw new OperatorError(`${dataFolder} was made by PostgreSQL ${made}; this panel brings PostgreSQL ${major}.`)
  }

  return false
}

/** Made once and kept beside the cluster, so that whoever may read the folder reaches the database. */
export function providePassword(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  }

  return readFileSync(file, 'utf8').trim()
}

interface NewCluster {
  binaries: Binaries
  account: Account
  dataFolder: string
  password: string
  isEphemeral: boolean
}

/** initdb removes what it made when it fails. */
export async function createCluster({
  binaries,
  account,
  dataFolder,
  password,
  isEphemeral,
}: NewCluster): Promise<void> {
  const passwordFile = join(tmpdir(), `xyra-${randomBytes(6).toString('hex')}`)
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  account.own(passwordFile)

  try {
    const initdb = account.run(
      binaries.initdb,
      [
        ...['-D', dataFolder, '-U', CLUSTER_USER, '--pwfile', passwordFile, '--auth=scram-sha-256', '-E', 'UTF8'],
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
        ...(isEphemeral ? ['--no-sync'] : []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let output = ''
    initdb.stdout?.on('data', (chunk) => (output += chunk))
    initdb.stderr?.on('data', (chunk) => (output += chunk))
    const code = await new Promise<number | null>((resolve, reject) =>
      initdb.once('error', reject).once('close', resolve),
    )
    if (code !== 0) {
      throw new OperatorError(`The database could not be created in ${dataFolder}: ${output.trim()}`)
    }
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

interface Launch {
  binaries: Binaries
  account: Account
  dataFolder: string
  logFile: string
  settings: Record<string, string | number>
}

export interface RunningCluster {
  child: ChildProcess
  port: number
}

export async function startCluster({
  binaries,
  account,
  dataFolder,
  logFile,
  settings,
}: Launch): Promise<RunningCluster> {
  const all = {
    listen_addresses: '127.0.0.1',
    port: await freePort(),
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '64MB',
    logging_collector: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...settings,
  }

  // Into a file, not a pipe of ours: a pipe whose reader died can block the server. In a session of its own, so that
  // Ctrl+C reaches us alone and the server goes after the last query.
  const log = openSync(logFile, 'a', 0o600)
  const child = account.run(
    binaries.postgres,
    ['-D', dataFolder, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { stdio: ['ignore', log, log], detached: true },
  )
  closeSync(log)

  let end: string | undefined
  child.once('exit', (code, signal) => (end = String(code ?? signal)))
  child.once('error', (error) => (end = error.message))

  const deadline = Date.now() + READY_WITHIN_MS
  while (!findPostmaster(dataFolder)?.isReady) {
    if (end !== undefined) {
      throw new OperatorError(
        `The database did not start (${end}). The end of ${logFile} says:\n${readFileSync(logFile, 'utf8').slice(-2000).trim()}`,
      )
    }
    if (Date.now() > deadline) {
      child.kill('SIGINT')
      throw new OperatorError(`The database was not ready within a minute; ${logFile} says why.`)
    }
    await sleep(PAUSE_MS)
  }

  return { child, port: Number(all.port) }
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as AddressInfo
        probe.close(() => resolve(port))
      })
  })
