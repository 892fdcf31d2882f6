import pg from 'pg'
import { OperatorError } from '../env/operator-error.ts'

const WITHIN_MS = 10_000

/** One connection, for what happens before the pool exists. A database that cannot be reached is said in a sentence. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: WITHIN_MS,
    options: '-c timezone=UTC',
  })
  // A connection that is lost between two queries shows at the next one.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw new OperatorError(`The database ${placeOf(url)} cannot be used: ${reasonOf(error)}`, { cause: error })
  }

  return client
}

/** Without the password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${pathname.slice(1) || 'postgres'} at ${hostname || 'the local socket'}:${port || '5432'}`
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there. Start PostgreSQL, or correct DATABASE_URL.',
  ENOTFOUND: 'its host has no address. Correct DATABASE_URL.',
  EAI_AGAIN: 'the address of its host cannot be looked up. Correct DATABASE_URL, or wait for the network.',
  ETIMEDOUT: 'it does not answer. Check the network and the firewall between it and the panel.',
  '28P01': 'it refuses the password. Correct DATABASE_URL.',
  '28000': 'it does not let this user in. Correct DATABASE_URL or pg_hba.conf.',
  '3D000': 'there is no database of that name. Create it, or correct DATABASE_URL.',
  '53300': 'it has no connection left. Raise max_connections, or lower DB_POOL_MAX.',
  '57P03': 'it is still starting. Try again in a moment.',
}

function reasonOf(error: unknown): string {
  const { code, message } = error as Error & { code?: string }
  if (message === 'timeout expired') {
    return 'it does not answer. Check the network and the firewall between it and the panel.'
  }

  return REASONS[code ?? ''] ?? message
}
