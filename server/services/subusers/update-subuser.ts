import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { subuserPermissions } from '#server/database/json'
import { only } from '#server/database/rows'
import { serverSubusers, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { grantedOf } from '#server/policies/subuser-policy'
import { revokeAtServer } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { completeActivity, recordActivity } from '#server/services/activity/record-activity'
import type { FoundSubuser } from './queries'

interface UpdateSubuser {
  actor: Person
  server: ServerRow
  subuser: FoundSubuser
  /** The actor holds all of them. */
  permissions: readonly string[]
}

/**
 * Replaces what somebody may do with a server. What he holds open on the node ends with the old rights, which the node is
 * told; whether it could be is written down and fails nothing. The same rights again change nothing and say nothing.
 *
 * @throws {AppError} `resource.not_found` when he was removed meanwhile
 */
export async function updateSubuser({ actor, server, subuser, permissions }: UpdateSubuser): Promise<FoundSubuser> {
  const { user } = subuser
  const granted = grantedOf(permissions)
  const isRow = eq(serverSubusers.id, subuser.row.id)

  const { row, done } = await useDrizzle().transaction(async (tx) => {
    const [current] = await tx.select().from(serverSubusers).where(isRow).for('update')
    if (!current) throw new AppError('resource.not_found')
    const held = z.decode(subuserPermissions, current.permissions)
    if (isSame(held, granted)) return { row: current, done: undefined }

    const changed = { permissions: z.encode(subuserPermissions, granted) }
    const after = only(await tx.update(serverSubusers).set(changed).where(isRow).returning())
    const eventId = await recordActivity(tx, {
      actor,
      event: 'server:subuser.update',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'user', id: user.id }],
      properties: { email: user.email, old: held, new: granted, revoked: false },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'users' })
    return { row: after, done: { eventId, toTell: await revokeAtServer(tx, server, user) } }
  })

  if (done && (await tellNodes(done.toTell))) await completeActivity(useDrizzle(), done.eventId, { revoked: true })
  return { row, user }
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  new Set(some).size === new Set([...some, ...others]).size && new Set(others).size === new Set(some).size
