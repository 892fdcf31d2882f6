import { eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { servers, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { statusAfter, type StatusChange } from './server-status'

/**
 * The server as it is now, held until the transaction ends: two that change it at once go one after the other.
 *
 * @throws {AppError} `resource.not_found`
 */
export async function lockServer(tx: Executor, serverId: string): Promise<ServerRow> {
  const [server] = await tx.select().from(servers).where(eq(servers.id, serverId)).for('update')
  if (!server) throw new AppError('resource.not_found')
  return server
}

/** Moves the state of a locked server, and lets open pages know. */
export async function changeStatus(
  tx: Executor,
  server: ServerRow,
  change: StatusChange,
  also: Partial<ServerRow> = {},
): Promise<void> {
  await tx
    .update(servers)
    .set({ ...statusAfter(server, change), ...also })
    .where(eq(servers.id, server.id))
  await notify(tx, 'server', { serverId: server.id, what: 'status' })
}
