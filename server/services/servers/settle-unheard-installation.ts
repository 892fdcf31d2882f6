import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { SYSTEM } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { servers, wingsNodes, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyOfServer } from '#server/services/notifications/recipients'
import { wings } from '#server/wings/client'
import { whereUnknown } from '#server/wings/call'
import { changeStatus, lockServer } from './lock-server'

const status = z.enum(['installing', 'install_failed', 'reinstall_failed', 'suspended', 'restoring_backup']).nullable()

export const unheardInstallation = z.object({
  serverId: z.string(),
  /** When this installation was ordered: what has happened to the server since then stands. */
  since: z.string(),
  startsOnCompletion: z.boolean(),
  /** What the server was before it was to be installed again; null for its first installation. */
  before: z
    .object({ status, previousStatus: z.enum(['installing', 'install_failed', 'reinstall_failed']).nullable() })
    .nullable(),
})
type Unheard = z.output<typeof unheardInstallation>

/** Longer than telling the node may take. */
export const TOLD_WITHIN_SECONDS = 15

/**
 * Runs only where the panel ended before it could say whether the node has taken an installation. A server that the node
 * does not know is told to it now, once. An installation over an older one may have begun or not: the old state returns,
 * since the node itself starts nothing while it installs, and ordering it twice would do harm.
 */
export async function settleUnheardInstallation({ serverId, since, startsOnCompletion, before }: Unheard) {
  const [found] = await useDrizzle()
    .select({ server: servers, node: wingsNodes })
    .from(servers)
    .innerJoin(wingsNodes, eq(wingsNodes.id, servers.nodeId))
    .where(eq(servers.id, serverId))
  if (!found || !isWaiting(found.server, since)) return
  if (before) return settle(serverId, since, { kind: 'return', to: before })

  const { server, node } = found
  try {
    if (!(await isKnown(server, node)))
      await wings(node).servers.create(server.uuid, { startOnCompletion: startsOnCompletion })
  } catch (error) {
    if (error instanceof AppError && error.code === 'node.unreachable') throw error
    await settle(serverId, since, { kind: 'installed', successful: false, isReinstall: false })
  }
}

const isWaiting = ({ status: current, previousStatus, statusChangedAt }: ServerRow, since: string) =>
  (current === 'installing' && statusChangedAt === since) || previousStatus === 'installing'

const isKnown = (server: ServerRow, node: WingsNodeRow): Promise<boolean> =>
  wings(node)
    .servers.get(server.uuid)
    .then(() => true)
    .catch(whereUnknown(false))

async function settle(serverId: string, since: string, change: Parameters<typeof changeStatus>[2]): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, serverId)
    if (!isWaiting(current, since)) return
    // A suspension came over it and stays.
    const isCovered = current.status === 'suspended'
    await changeStatus(tx, current, isCovered ? { kind: 'installed', successful: false, isReinstall: true } : change)
    await recordActivity(tx, {
      actor: SYSTEM,
      event: 'server:install.fail',
      target: { type: 'server', id: serverId },
      properties: { name: current.name, reason: 'panel_interrupted' },
    })
    await notifyOfServer(tx, current, { kind: 'server.install-failed' })
  })
}
