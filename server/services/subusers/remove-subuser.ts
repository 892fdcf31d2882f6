import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverSubusers, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { revokeAtServer } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { completeActivity, recordActivity } from '#server/services/activity/record-activity'
import { notifyPeople } from '#server/services/notifications/notify-people'
import type { FoundSubuser } from './queries'

interface RemoveSubuser {
  actor: Person
  server: ServerRow
  subuser: FoundSubuser
}

/**
 * Shares a server with somebody no longer. What he holds open on the node ends, which the node is told; whether it could
 * be is written down and fails nothing.
 *
 * @throws {AppError} `resource.not_found` when he was removed meanwhile
 */
export async function removeSubuser({ actor, server, subuser: { row, user } }: RemoveSubuser): Promise<void> {
  const { eventId, toTell } = await useDrizzle().transaction(async (tx) => {
    const gone = await tx
      .delete(serverSubusers)
      .where(eq(serverSubusers.id, row.id))
      .returning({ id: serverSubusers.id })
    if (gone.length === 0) throw new AppError('resource.not_found')

    const written = await recordActivity(tx, {
      actor,
      event: 'server:subuser.delete',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'user', id: user.id }],
      properties: { email: user.email, revoked: false },
    })
    await notifyPeople(tx, [{ userId: user.id, isTold: true }], { kind: 'server.removed', server })
    await notify(tx, 'server', { serverId: server.id, what: 'users' })
    return { eventId: written, toTell: await revokeAtServer(tx, server, user) }
  })

  if (await tellNodes(toTell)) await completeActivity(useDrizzle(), eventId, { revoked: true })
}
