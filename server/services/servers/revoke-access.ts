import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { users, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { logger } from '#server/logger'
import { wings } from '#server/wings/client'
import { tokenName } from '#server/wings/tokens'

interface RevokeAccess {
  userId: string
  /** Where his right shrank. */
  servers: { server: Pick<ServerRow, 'uuid'>; node: WingsNodeRow }[]
}

/**
 * Closes what somebody holds open on nodes, and refuses his tokens there: wherever a right shrinks. A node that cannot be
 * told fails nothing, as his tokens end by themselves within minutes; true says that all were told.
 */
export async function revokeAccess({ userId, servers }: RevokeAccess): Promise<boolean> {
  const [user] = await useDrizzle().select({ id: users.id, uuid: users.uuid }).from(users).where(eq(users.id, userId))
  if (!user) return true

  const told = await Promise.allSettled(
    servers.map(async ({ server, node }) => {
      const closed = await wings(node).servers.deauthorize(user.uuid, [server.uuid])
      if (!closed) await wings(node).servers.denyTokens(server.uuid, [tokenName(user.id, server.uuid)])
    }),
  )
  for (const result of told)
    if (result.status === 'rejected')
      logger.warn({ err: result.reason as unknown, userId }, 'a node could not be told that a right ended')
  return told.every(({ status }) => status === 'fulfilled')
}
