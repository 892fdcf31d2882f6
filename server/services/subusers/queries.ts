import { and, asc, eq, inArray } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverSubusers, users, type SubuserRow, type UserRow } from '#server/database/schema'

/** What somebody may do with a server that is not his, and who he is. */
export interface FoundSubuser {
  row: SubuserRow
  user: UserRow
}

const subusers = () =>
  useDrizzle()
    .select({ row: serverSubusers, user: users })
    .from(serverSubusers)
    .innerJoin(users, eq(users.id, serverSubusers.userId))

/** By the person's uuid. */
export async function findSubuser(serverId: string, uuid: string): Promise<FoundSubuser | undefined> {
  const [found] = await subusers()
    .where(and(eq(serverSubusers.serverId, serverId), eq(users.uuid, uuid)))
    .limit(1)
  return found
}

/** Those of several servers at once, who was added first first. */
export async function listSubusers(serverIds: readonly string[]): Promise<FoundSubuser[]> {
  if (serverIds.length === 0) return []
  return subusers()
    .where(inArray(serverSubusers.serverId, [...serverIds]))
    .orderBy(asc(serverSubusers.createdAt), asc(serverSubusers.id))
}
