import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { mounts, mountServers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from '#server/services/servers/lock-server'
import { tellNode } from '#server/services/servers/sync-server'
import { listMountsOf, type MountOfServer } from './queries'
import { markConcerned } from './tell-mounts'

interface ChangeMount {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  /** By its number for an administrator; players name it by uuid, and have only those that are theirs to choose. */
  mount: { id: string } | { uuid: string }
}

/**
 * Gives a server a mount; it is there from its next start on. Said twice, it changes nothing.
 *
 * @throws {AppError} `resource.not_found`, `mount.not_offered`, `mount.target_taken`
 */
export const attachMount = (asked: ChangeMount): Promise<void> => changeMount(asked, true)

/** Takes a mount from a server; it is gone from its next start on. @throws {AppError} `resource.not_found` */
export const detachMount = (asked: ChangeMount): Promise<void> => changeMount(asked, false)

async function changeMount({ actor, server, node, mount: named }: ChangeMount, attaches: boolean): Promise<void> {
  const isByPlayer = 'uuid' in named
  const isChanged = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const all = await listMountsOf(current, tx)
    const one = all.find(({ mount }) => (isByPlayer ? mount.uuid === named.uuid : mount.id === named.id))
    if (!one && attaches && !isByPlayer && (await tx.$count(mounts, eq(mounts.id, named.id))) > 0)
      throw new AppError('mount.not_offered')
    if (!one || (isByPlayer && !one.mount.userMountable)) throw new AppError('resource.not_found')
    if (one.isAttached === attaches) return false
    if (attaches) assertPlaceIsFree(one, all)

    const link = { mountId: one.mount.id, serverId: server.id }
    if (attaches) await tx.insert(mountServers).values(link)
    else
      await tx
        .delete(mountServers)
        .where(and(eq(mountServers.mountId, link.mountId), eq(mountServers.serverId, link.serverId)))
    const before = all.filter(({ isAttached }) => isAttached).map(({ mount }) => mount.name)
    const { name } = one.mount
    await recordActivity(tx, {
      actor,
      event: isByPlayer ? 'server:mount.update' : 'admin:server.mounts',
      target: { type: 'server', id: server.id },
      properties: {
        name,
        attached: attaches,
        before: { mounts: before },
        after: { mounts: attaches ? [...before, name].sort() : before.filter((other) => other !== name) },
      },
    })
    await markConcerned(tx, { nodeIds: [], serverIds: [server.id] })
    return true
  })
  if (isChanged) await tellNode(server, node)
}

/** A container has one thing at one place. */
function assertPlaceIsFree({ mount }: MountOfServer, all: readonly MountOfServer[]): void {
  const other = all.find((one) => one.isAttached && one.mount.target === mount.target)
  if (other) throw new AppError('mount.target_taken', { values: { mount: other.mount.name, target: mount.target } })
}
