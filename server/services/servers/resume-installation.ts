import { and, count, eq, gt, sql } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { auditEvents, servers, wingsNodes } from '#server/database/schema'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyOfServer } from '#server/services/notifications/recipients'
import { wings } from '#server/wings/client'
import { changeStatus, lockServer } from './lock-server'

/**
 * Has the node install once more what its restart broke off. Once only: broken off again, or refused, the installation
 * has failed, and an event says so.
 */
export async function resumeInstallation({ serverId }: { serverId: string }): Promise<void> {
  const db = useDrizzle()
  const [found] = await db
    .select({ server: servers, node: wingsNodes })
    .from(servers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .where(eq(servers.id, serverId))
  if (!found) return
  const { server, node } = found
  if (server.status !== 'installing' && server.previousStatus !== 'installing') return

  const isReinstall = server.installedAt !== null
  if ((await interruptions(serverId, server.statusChangedAt)) > 1)
    return fail(serverId, { isReinstall, reason: 'interrupted_twice' })
  try {
    await wings(node).servers.reinstall(server.uuid)
  } catch (error) {
    // It has gone away again, which is no refusal: it is asked when it is back.
    if (error instanceof AppError && error.code === 'node.unreachable') throw error
    logger.warn({ err: error, server: server.uuid }, 'an installation that was broken off could not be begun again')
    await fail(serverId, { isReinstall, reason: 'node_refused' })
  }
}

/** How often this installation was broken off: since the server's state last changed. */
async function interruptions(serverId: string, since: string | null): Promise<number> {
  const [row] = await useDrizzle()
    .select({ times: count() })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.serverId, serverId),
        eq(auditEvents.action, 'server:install.interrupted'),
        since ? gt(auditEvents.occurredAt, since) : sql`true`,
      ),
    )
  return row?.times ?? 0
}

async function fail(
  serverId: string,
  { isReinstall, reason }: { isReinstall: boolean; reason: string },
): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, serverId)
    if (current.status !== 'installing' && current.previousStatus !== 'installing') return
    await changeStatus(tx, current, { kind: 'installed', successful: false, isReinstall })
    await recordActivity(tx, {
      actor: SYSTEM,
      event: 'server:install.fail',
      target: { type: 'server', id: serverId },
      properties: { name: current.name, reason },
    })
    await notifyOfServer(tx, current, { kind: 'server.install-failed' })
  })
}
