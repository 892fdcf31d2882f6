import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { databaseHosts, serverDatabases, type ServerDatabaseRow, type ServerRow } from '#server/database/schema'
import {
  databaseColumns,
  hostColumns,
  type KnownDatabase,
  type KnownHost,
} from '#server/services/database-hosts/queries'
import { hashDatabaseId, readDatabaseId } from './database-ids'

/** A database with its host. */
export interface DatabaseView {
  database: KnownDatabase
  host: KnownHost
  /** As the client API knows it. */
  publicId: string
  /** Only where it was asked for. */
  password?: string
}

interface Viewing {
  withPasswords?: boolean
}

const ofServer = (server: Pick<ServerRow, 'id'>) => eq(serverDatabases.serverId, server.id)

const numbered = sql`${serverDatabases.id}::bigint`

/** All of a server. A password is opened only for who may see it. */
export async function listDatabases(
  server: Pick<ServerRow, 'id'>,
  { withPasswords = false }: Viewing = {},
): Promise<DatabaseView[]> {
  return select(useDrizzle(), ofServer(server), withPasswords)
}

/** Several at once, by id, with their passwords. */
export async function findDatabases(ids: readonly string[]): Promise<DatabaseView[]> {
  return select(useDrizzle(), inArray(serverDatabases.id, [...ids, '']), true)
}

/** By hash or number, among those of the server. */
export async function findDatabase(
  server: Pick<ServerRow, 'id'>,
  reference: string,
  { withPasswords = false }: Viewing = {},
): Promise<DatabaseView | undefined> {
  const id = await readDatabaseId(reference)
  if (id === undefined) return undefined
  const [view] = await select(useDrizzle(), and(ofServer(server), eq(serverDatabases.id, id)), withPasswords)
  return view
}

async function select(
  executor: Executor,
  condition: ReturnType<typeof and>,
  withPasswords: boolean,
): Promise<DatabaseView[]> {
  const hashOf = await hashDatabaseId()
  const rows = await executor
    .select({
      database: databaseColumns,
      host: hostColumns,
      ...(withPasswords && { password: serverDatabases.password }),
    })
    .from(serverDatabases)
    .innerJoin(databaseHosts, eq(databaseHosts.id, serverDatabases.databaseHostId))
    .where(condition)
    .orderBy(asc(numbered))
  return rows.map((row) => ({ ...row, publicId: hashOf(row.database.id) }))
}

/** As it is now, with its password, held until the transaction ends. */
export async function lockDatabase(tx: Executor, id: string): Promise<ServerDatabaseRow | undefined> {
  const [row] = await tx.select().from(serverDatabases).where(eq(serverDatabases.id, id)).for('update')
  return row
}
