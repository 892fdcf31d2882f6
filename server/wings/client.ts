import { backupOperations } from './backups'
import { wingsCall } from './call'
import type { WingsAddress } from './connections'
import { fileOperations } from './files'
import { serverOperations } from './servers'
import { systemOperations } from './system'
import { transferOperations } from './transfers'

export { goneAlready } from './call'
export type { WingsAddress } from './connections'

/**
 * The one door to a node. Every operation throws `node.unreachable` when nothing comes back, at once while the node is known
 * to be silent; `node.refused` with the node's own status and sentence; `node.failed` with its status, or 502 for an answer
 * that broke off or makes no sense.
 */
export function wings(node: WingsAddress) {
  const call = wingsCall(node)

  return {
    system: systemOperations(call),
    servers: serverOperations(call),
    files: fileOperations(call),
    backups: backupOperations(call),
    transfers: transferOperations(call),
  }
}
