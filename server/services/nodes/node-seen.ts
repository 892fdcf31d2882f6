import type { Executor } from '#server/database/client'
import type { WingsNodeRow } from '#server/database/schema'
import { wakeJobs } from '#server/jobs/queue'
import { tellOfReturn } from './tell-of-silence'

/**
 * A node is heard of again after a silence: all that waited for it is told now. Whoever notices, by a call of the node or
 * by a check that reached it, says so here, in the transaction that writes it down. What waits is any job with a `nodeId`.
 */
export async function nodeSeen(tx: Executor, node: WingsNodeRow): Promise<void> {
  await wakeJobs(tx, node.id)
  await tellOfReturn(tx, node)
}
