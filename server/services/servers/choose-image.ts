import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { eggs, servers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { lockServer } from './lock-server'
import { offeredImages } from './offered-images'
import { markForSync, tellNode } from './sync-server'

interface ChooseImage {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  image: string
}

/**
 * Another of the egg's images, from the next start on. One that an administrator set by hand stays.
 *
 * @throws {AppError} `server.image_fixed`, `request.invalid`
 */
export async function chooseImage({ actor, server, node, image }: ChooseImage): Promise<void> {
  const changed = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const [egg] = await tx
      .select({ dockerImage: eggs.dockerImage, dockerImages: eggs.dockerImages })
      .from(eggs)
      .where(eq(eggs.id, current.eggId))
    const offered = egg ? Object.values(offeredImages(egg)) : []
    if (!offered.includes(image)) throw refusedField('docker_image', 'in', 'The selected docker image is invalid.')
    if (!offered.includes(current.image)) throw new AppError('server.image_fixed')
    if (current.image === image) return false

    await tx
      .update(servers)
      .set({ image, dockerImage: image, configurationChangedAt: now() })
      .where(eq(servers.id, server.id))
    await markForSync(tx, current)
    await recordActivity(tx, {
      actor,
      event: 'server:startup.image',
      target: { type: 'server', id: server.id },
      properties: { old: current.image, new: image },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'startup' })
    return true
  })
  if (changed) await tellNode(server, node)
}
