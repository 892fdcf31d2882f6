import { asc, eq, inArray, or, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { servers, type ServerRow } from '#server/database/schema'

interface Named {
  /** Numbers, identifiers or uuids. Left out: all. */
  references?: readonly string[]
  nodeId?: string | undefined
}

/** Servers as a person at the command line names them, in the order of their numbers. */
export async function findServersNamed({ references, nodeId }: Named): Promise<ServerRow[]> {
  const given = [...(references ?? [])]
  const isNamed = references
    ? or(inArray(servers.id, given), inArray(servers.identifier, given), inArray(servers.uuid, given))
    : undefined
  return useDrizzle()
    .select()
    .from(servers)
    .where(isNamed ?? (nodeId === undefined ? undefined : eq(servers.nodeId, nodeId)))
    .orderBy(asc(sql`${servers.id}::bigint`))
}
