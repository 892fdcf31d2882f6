import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { HostAddress } from '#server/database-engines/host-session'
import { freePort } from '../../scripts/demo/panel.ts'

const server = process.env.MARIADBD || '/usr/sbin/mariadbd'
const installer = process.env.MARIADB_INSTALL_DB || '/usr/bin/mariadb-install-db'

/** For `describe.skipIf(!hasMariadb)`. With CI=true a missing server is a failure. */
export const hasMariadb = existsSync(server) && existsSync(installer)

if (!hasMariadb && process.env.CI === 'true')
  throw new Error(
    `${server} is missing. Install it (Debian: apt-get install mariadb-server-core) or name another in MARIADBD.`,
  )

export interface Mariadb {
  port: number
  /** Of the account that the panel is given: it may make databases and accounts, and is not root. */
  address: HostAddress
  /** As root. */
  ask: <Row>(statement: string) => Promise<Row[]>
  /** In the middle of whatever it does, as a machine that loses its power. */
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

const run = promisify(execFile)

const PASSWORD = 'canary-mariadb-panel'

/** A MariaDB with a folder and a port of its own. */
export async function startMariadb(): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'xyra-mariadb-'))
  const data = join(folder, 'data')
  let port = await freePort()
  await run(installer, [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    `--user=${userOf()}`,
  ])
  let running: ChildProcess

  const as = async <Row>(user: string, password: string, statement: string): Promise<Row[]> => {
    const connection = await createConnection({ host: '127.0.0.1', port, user, password })
    try {
      const [rows] = await connection.query<(RowDataPacket & Row)[]>(statement)
      return rows
    } finally {
      connection.destroy()
    }
  }
  const ask = <Row>(statement: string) => as<Row>('root', '', statement)

  async function start(): Promise<void> {
    running = spawn(
      server,
      [
        '--no-defaults',
        `--user=${userOf()}`,
        `--datadir=${data}`,
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--skip-log-bin',
        '--innodb-buffer-pool-size=8M',
        '--innodb-flush-log-at-trx-commit=0',
      ],
      { stdio: 'ignore' },
    )
    for (let tries = 0; ; tries += 1) {
      const found = await ask<{ folder: string }>('select @@datadir as folder').catch(() => [])
      // Another one may have come first to the port.
      if (found[0]?.folder === `${data}/`) return
      if (tries > 300 || running.exitCode !== null) throw new Error(`MariaDB does not start on port ${port}.`)
      await new Promise((later) => setTimeout(later, 50))
    }
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (running.exitCode !== null || running.signalCode !== null) return
    const ended = new Promise((done) => running.once('exit', done))
    running.kill(signal)
    await ended
  }

  await start().catch(async () => {
    await end('SIGKILL')
    port = await freePort()
    await start()
  })
  await ask(`create user panel@'%' identified by '${PASSWORD}'`)
  await ask(`grant all privileges on *.* to panel@'%' with grant option`)
  return {
    port,
    address: { engine: 'mysql', host: '127.0.0.1', port, username: 'panel', password: PASSWORD, tlsMode: 'prefer' },
    ask,
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Started by root, it has to be told that this is meant. */
const userOf = () => (process.getuid?.() === 0 ? 'root' : (process.env.USER ?? 'nobody'))
