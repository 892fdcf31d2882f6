import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { wingsNodes } from '#server/database/schema'
import { wings } from '#server/wings/client'
import { loadEnds } from './load-ends'
import { findOpenTransfer } from './open-transfer'

/** The job: a server that ran before its transfer runs again, wherever it lives now. */
export async function startServerAfterTransfer({ transferId }: { transferId: string }): Promise<void> {
  const found = await loadEnds(transferId)
  if (!found?.transfer.finishedAt || !found.transfer.startsAfter) return
  const { server } = found
  const db = useDrizzle()
  if (server.status !== null || (await findOpenTransfer(db, server.id))) return

  const [node] = await db.select().from(wingsNodes).where(eq(wingsNodes.id, server.nodeId))
  if (node && !node.maintenanceMode) await wings(node).servers.power(server.uuid, 'start')
}
