import { and, eq, isNull } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverTransfers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { conflictOf } from '#server/policies/server-policy'
import { lockServer } from '#server/services/servers/lock-server'

/**
 * The server as it is now, held until the transaction ends. Two requests that count at the same moment would both find
 * room, and what a guard saw may have changed since.
 *
 * @throws {AppError} `server.suspended`, `server.not_installed`, `server.restoring`, `server.transferring`
 */
export async function holdServer(tx: Executor, server: ServerRow, node: WingsNodeRow): Promise<ServerRow> {
  const current = await lockServer(tx, server.id)
  const open = and(eq(serverTransfers.serverId, server.id), isNull(serverTransfers.finishedAt))
  const isTransferring = current.nodeId !== node.id || (await tx.$count(serverTransfers, open)) > 0
  const conflict = conflictOf(
    { status: current.status, suspended: current.suspended, isNodeUnderMaintenance: false, isTransferring },
    { kind: 'owner' },
    'ready',
  )
  if (conflict) throw new AppError(conflict)
  return current
}
