import { eq, inArray } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import {
  servers,
  serverTransfers,
  wingsNodes,
  type ServerRow,
  type TransferRow,
  type WingsNodeRow,
} from '#server/database/schema'

export interface TransferWithEnds {
  transfer: TransferRow
  server: ServerRow
  source: WingsNodeRow
  target: WingsNodeRow
}

/** A transfer as it is now, its server and both nodes. Undefined when any of them is gone. */
export async function loadEnds(transferId: string): Promise<TransferWithEnds | undefined> {
  const db = useDrizzle()
  const [found] = await db
    .select({ transfer: serverTransfers, server: servers })
    .from(serverTransfers)
    .innerJoin(servers, eq(servers.id, serverTransfers.serverId))
    .where(eq(serverTransfers.id, transferId))
  if (!found) return undefined

  const { sourceNodeId, targetNodeId } = found.transfer
  const nodes = await db
    .select()
    .from(wingsNodes)
    .where(inArray(wingsNodes.id, [sourceNodeId, targetNodeId]))
  const [source, target] = [sourceNodeId, targetNodeId].map((id) => nodes.find((node) => node.id === id))
  return source && target && { ...found, source, target }
}
