import pg from 'pg'
import { findRunningDatabase } from '../../server/database/embedded.ts'
import type { browserOf } from './panel.ts'

type Call = ReturnType<typeof browserOf>

/** Two that people begin with: a restart that is announced, and a backup before the week begins. */
export async function addSchedules(call: Call, server: string): Promise<void> {
  const at = `/api/client/servers/${server}/schedules/import`
  const zone = { time_zone: 'Europe/Berlin', is_active: true, cron_month: '*', cron_day_of_month: '*' }
  await call(`POST ${at}`, {
    ...zone,
    name: 'Nightly restart',
    only_when_online: true,
    cron_minute: '0',
    cron_hour: '4',
    cron_day_of_week: '*',
    tasks: [
      { action: 'command', payload: 'say The server restarts in one minute.', time_offset: 0 },
      { action: 'power', payload: 'restart', time_offset: 60 },
    ],
  })
  await call(`POST ${at}`, {
    ...zone,
    name: 'Weekly backup',
    missed_run_policy: 'run_once',
    cron_minute: '30',
    cron_hour: '2',
    cron_day_of_week: '1',
    tasks: [
      { action: 'command', payload: 'save-all', time_offset: 0 },
      { action: 'backup', payload: 'cache/\nlogs/', time_offset: 10, continue_on_failure: true },
    ],
  })
}

const ROLE = 'demo_databases'

/**
 * The panel's own PostgreSQL as a place for databases of servers, by an account that may make databases and accounts and
 * read nothing of the panel. Undefined where the panel keeps its data elsewhere.
 */
async function ownHost(dataFolder: string, password: string) {
  const url = await findRunningDatabase({ dataFolder }).catch(() => undefined)
  if (!url) return undefined
  const { hostname, port } = new URL(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const known = await client.query('select 1 from pg_roles where rolname = $1', [ROLE])
    await client.query(
      `${known.rowCount ? 'alter' : 'create'} role ${ROLE} login createdb createrole password ${pg.escapeLiteral(password)}`,
    )
  } finally {
    await client.end()
  }
  return { host: hostname, port: Number(port), username: ROLE, password }
}

interface Hosted {
  dataFolder: string
  password: string
  node: number
  server: string
}

/** A host and a database on it, where there is a PostgreSQL at hand. */
export async function addDatabase(call: Call, { dataFolder, password, node, server }: Hosted): Promise<void> {
  const place = await ownHost(dataFolder, password)
  if (!place) return
  await call('POST /api/application/database-hosts', {
    ...place,
    name: 'demo',
    engine: 'postgresql',
    tls_mode: 'prefer',
    node_ids: [node],
  })
  await call(`POST /api/client/servers/${server}/databases`, { database: 'stats', remote: '%' })
}

/** It may listen elsewhere after a start. */
export async function keepDatabaseHost(call: Call, { dataFolder, password }: Pick<Hosted, 'dataFolder' | 'password'>) {
  const place = await ownHost(dataFolder, password)
  const hosts = (await call('GET /api/application/database-hosts')) as unknown as {
    data: { attributes: { id: number; username: string } }[]
  }
  const own = hosts.data.find(({ attributes }) => attributes.username === ROLE)
  if (place && own) await call(`PATCH /api/application/database-hosts/${own.attributes.id}`, place)
}
