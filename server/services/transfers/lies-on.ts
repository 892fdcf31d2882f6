import { and, eq, isNull, sql } from 'drizzle-orm'
import { serverBackups, type ServerRow, type WingsNodeRow } from '#server/database/schema'

/** The finished archives of a server that its node keeps by itself. */
export const liesOn = (server: Pick<ServerRow, 'id'>, node: Pick<WingsNodeRow, 'id'>) =>
  and(
    eq(serverBackups.serverId, server.id),
    sql`coalesce(${serverBackups.nodeId}, ${node.id}) = ${node.id}`,
    eq(serverBackups.disk, 'wings'),
    eq(serverBackups.isSuccessful, true),
    isNull(serverBackups.deletedAt),
  )
