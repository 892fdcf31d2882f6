import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { wings } from '#server/wings/client'
import { tokenName } from '#server/wings/tokens'

interface CloseOnNode {
  nodeId: string
  userId: string
  /** Under which the node knows him. */
  user: string
  /** By uuid. */
  servers: string[]
}

/** Closes what somebody holds open on one node, by whichever of the two ways its daemon knows. Told twice, nothing changes. */
export async function closeOnNode({ nodeId, userId, user, servers: reached }: CloseOnNode): Promise<void> {
  const [node] = await useDrizzle().select().from(wingsNodes).where(eq(wingsNodes.id, nodeId))
  if (!node) return

  const { deauthorize, denyTokens } = wings(node).servers
  if (await deauthorize(user, reached)) return
  for (const server of reached) await denyTokens(server, [tokenName(userId, server)])
}
