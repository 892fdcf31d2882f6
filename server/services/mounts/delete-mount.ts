import { asc, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isForeignKeyViolation } from '#server/database/errors'
import { mounts, mountServers, servers } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { MountView } from './queries'
import { markConcerned, tellConcerned } from './tell-mounts'

const NAMED_MOST = 3

interface DeleteMount {
  actor: Actor
  view: MountView
  /** The panel's own address. */
  panel: string
}

/** Refused while servers use it, which the database says. @throws {AppError} `mount.in_use`, with the servers */
export async function deleteMount({ actor, view: { mount, nodes }, panel }: DeleteMount): Promise<void> {
  const concerned = { nodeIds: nodes.map(({ id }) => id), serverIds: [] }
  await useDrizzle()
    .transaction(async (tx) => {
      await tx.delete(mounts).where(eq(mounts.id, mount.id))
      await recordActivity(tx, {
        actor,
        event: 'admin:mount.delete',
        target: { type: 'mount', id: mount.id },
        subjects: nodes.map(({ id }) => ({ type: 'node', id })),
        properties: { name: mount.name, source: mount.source, target: mount.target },
      })
      await notify(tx, 'administration', { what: 'mounts' })
      await markConcerned(tx, concerned)
    })
    .catch(async (error: unknown) => {
      throw isForeignKeyViolation(error) ? await inUse(mount.id, error) : error
    })
  await tellConcerned(concerned, panel)
}

async function inUse(mountId: string, cause: unknown): Promise<AppError<'mount.in_use'>> {
  const rows = await useDrizzle()
    .select({ name: servers.name })
    .from(mountServers)
    .innerJoin(servers, eq(servers.id, mountServers.serverId))
    .where(eq(mountServers.mountId, mountId))
    .orderBy(asc(servers.name))
  const more = rows.length - NAMED_MOST
  const names = [...rows.slice(0, NAMED_MOST).map(({ name }) => name), ...(more > 0 ? [`+${more}`] : [])].join(', ')
  return new AppError('mount.in_use', { values: { servers: names }, cause })
}
