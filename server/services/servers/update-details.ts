import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { servers, serverSubusers, users, type ServerRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { revokeAtServer } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import type { DetailsBody } from '#shared/contracts/application/servers'
import { lockServer } from './lock-server'

interface UpdateDetails {
  actor: Actor
  server: ServerRow
  asked: DetailsBody
}

/**
 * Replaces name, owner, external id and description. Whoever was the owner loses what he holds open on the node.
 *
 * @throws {AppError} `request.invalid`
 */
export async function updateDetails({ actor, server, asked }: UpdateDetails): Promise<void> {
  const ownerId = String(asked.user)
  const toTell = await useDrizzle()
    .transaction(async (tx) => {
      const current = await lockServer(tx, server.id)
      const [owner] = await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId))
      if (!owner) throw refusedField('user', 'exists', 'The selected user is invalid.')

      const next = {
        name: asked.name,
        ownerId,
        externalId: asked.external_id ?? null,
        description: asked.description ?? '',
      }
      await tx.update(servers).set(next).where(eq(servers.id, server.id))
      // An owner is nobody's guest.
      await tx
        .delete(serverSubusers)
        .where(and(eq(serverSubusers.serverId, server.id), eq(serverSubusers.userId, ownerId)))
      const held = {
        name: current.name,
        ownerId: current.ownerId,
        externalId: current.externalId,
        description: current.description,
      }
      await recordActivity(tx, {
        actor,
        event: 'admin:server.details',
        target: { type: 'server', id: server.id },
        properties: { before: held, after: next },
      })
      await notify(tx, 'server', { serverId: server.id, what: 'details' })
      if (current.ownerId === ownerId) return []

      await notify(tx, 'access', { userId: ownerId })
      const [former] = await tx
        .select({ id: users.id, uuid: users.uuid })
        .from(users)
        .where(eq(users.id, current.ownerId))
      return former ? revokeAtServer(tx, current, former) : []
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error, 'servers_external_id_unique')
        ? refusedField('external_id', 'unique', 'The external id has already been taken.')
        : error
    })
  await tellNodes(toTell)
}
