import { useDrizzle } from '#server/database/client'
import { wings } from '#server/wings/client'
import { loadEnds } from './load-ends'
import { findOpenTransfer } from './open-transfer'

/**
 * The job: tells one of both nodes that a transfer is over which did not succeed. The source stops sending; the target drops
 * what it holds, be it that it had everything and its report came too late. Nothing there is as good as done.
 */
export async function clearTransferOnNode({
  transferId,
  nodeId,
}: Record<'transferId' | 'nodeId', string>): Promise<void> {
  const found = await loadEnds(transferId)
  if (!found || (found.transfer.status !== 'failed' && found.transfer.status !== 'cancelled')) return
  const { server, source, target } = found
  // A newer one speaks to the nodes itself, and nothing that lives there is ever deleted by a job that was late.
  if (await findOpenTransfer(useDrizzle(), server.id)) return

  if (nodeId === source.id && server.nodeId === source.id) await wings(source).transfers.cancel(server.uuid)
  if (nodeId !== target.id || server.nodeId === target.id) return
  if (await wings(target).transfers.isHeld(server.uuid)) await wings(target).servers.remove(server.uuid)
}
