import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverTransfers, type TransferRow } from '#server/database/schema'
import { AppError } from '#server/errors'

/** The transfer that a server is in. Whoever decides by it holds the server. */
export async function findOpenTransfer(tx: Executor, serverId: string): Promise<TransferRow | undefined> {
  const [open] = await tx
    .select()
    .from(serverTransfers)
    .where(and(eq(serverTransfers.serverId, serverId), isNull(serverTransfers.finishedAt)))
  return open
}

/** The newest, open or over. */
export async function findLatestTransfer(tx: Executor, serverId: string): Promise<TransferRow | undefined> {
  const [latest] = await tx
    .select()
    .from(serverTransfers)
    .where(eq(serverTransfers.serverId, serverId))
    .orderBy(desc(serverTransfers.id))
    .limit(1)
  return latest
}

/** @throws {AppError} `server.transferring` */
export async function refuseInTransfer(tx: Executor, serverId: string): Promise<void> {
  if (await findOpenTransfer(tx, serverId)) throw new AppError('server.transferring')
}
