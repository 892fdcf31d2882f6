import { useDrizzle } from '#server/database/client'
import { wings } from '#server/wings/client'
import { loadEnds } from './load-ends'
import { noteRemoval } from './note-removal'
import { findOpenTransfer } from './open-transfer'

/**
 * Has the old node delete its copy of a server that has moved, with that node's own address and key. A node that does not
 * know the server any more is done.
 *
 * @throws {AppError} `node.unreachable`, `node.refused`, `node.failed`: a job asks again
 */
export async function removeSource({ transferId }: { transferId: string }): Promise<void> {
  const found = await loadEnds(transferId)
  if (!found || found.transfer.status !== 'succeeded' || found.transfer.sourceRemovedAt !== null) return
  const { server, source } = found
  // It may be on its way back: that transfer asks the node first what it still holds.
  const open = await findOpenTransfer(useDrizzle(), server.id)
  if (server.nodeId === source.id || open?.targetNodeId === source.id) return

  await wings(source).servers.remove(server.uuid)
  await noteRemoval(server, source)
}
