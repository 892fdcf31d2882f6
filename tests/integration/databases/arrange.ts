import { sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import type { HostAddress } from '#server/database-engines/host-session'
import type { DatabaseHostRow, ServerRow, UserRow } from '#server/database/schema'
import { dropDatabase } from '#server/services/databases/drop-database'
import { settleDatabase } from '#server/services/databases/settle-database'
import { signedInAs, type Caller } from '../../support/api'
import { makeDatabaseHost, makeNode, makeServer, makeUser } from '../../support/factories'

export interface Arranged {
  server: ServerRow
  user: UserRow
  owner: Caller
  host: DatabaseHostRow
  path: string
}

/** A server of somebody, whose node has one database host. */
export async function arrange(
  { username, password, ...address }: HostAddress,
  { limit = 5, ...more }: { limit?: number | null; maxDatabases?: number } = {},
): Promise<Arranged> {
  const [node, user] = [await makeNode(), await makeUser()]
  const server = await makeServer({ nodeId: node.id, ownerId: user.id, databaseLimit: limit })
  const host = await makeDatabaseHost({ ...address, ...more, username, password, nodeIds: [node.id] })
  const owner = await signedInAs(user)
  return { server, user, owner, host, path: `/api/client/servers/${server.identifier}/databases` }
}

interface Waiting {
  id: string
  name: string
  data: never
}

const RUN = { 'databases.settle': settleDatabase, 'databases.drop': dropDatabase } as const

/** Does at once what waits for a database, as a process would when its time has come. Answers what was done. */
export async function runWaiting(): Promise<string[]> {
  const { rows } = await useDrizzle().execute<Waiting & Record<string, unknown>>(
    sql`select id, name, data from pgboss.job where name like 'databases.%' and state < 'active' order by created_on`,
  )
  for (const { id, name, data } of rows) {
    await RUN[name as keyof typeof RUN](data)
    await useDrizzle().execute(sql`update pgboss.job set state = 'completed' where id = ${id}::uuid`)
  }
  return rows.map(({ name }) => name)
}
