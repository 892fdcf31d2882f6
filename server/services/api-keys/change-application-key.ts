import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { apiKeys, users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import { refuseBeyondRights } from '#server/services/api-keys/beyond-rights'
import { carriedBy, type ListedKey } from '#server/services/api-keys/queries'

interface Change {
  actor: Actor
  identifier: string
}

/**
 * Switches a key off, or on again. Nobody switches on what carries more than he holds.
 *
 * @throws {AppError} `api_key.beyond_rights`, `auth.forbidden`, `resource.not_found`
 */
export async function switchApplicationKey({
  actor,
  identifier,
  enabled,
}: Change & { enabled: boolean }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const { key, owner } = await lockKey(tx, actor, identifier)
    if (key.enabled === enabled) return
    if (enabled) refuseBeyondRights(actor, carriedBy(key))

    await tx.update(apiKeys).set({ enabled }).where(eq(apiKeys.id, key.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:api-key.update',
      target: { type: 'api_key', id: key.id },
      subjects: [{ type: 'user', id: owner.id }],
      properties: { identifier, ...changeOf(key, { enabled }, ['enabled']) },
    })
    await notify(tx, 'administration', { what: 'api_keys' })
  })
}

/** Ends a key for good. @throws {AppError} `auth.forbidden`, `resource.not_found` */
export async function deleteApplicationKey({ actor, identifier }: Change): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const { key, owner } = await lockKey(tx, actor, identifier)
    await tx.delete(apiKeys).where(eq(apiKeys.id, key.id))
    await recordActivity(tx, {
      actor,
      event: 'admin:api-key.delete',
      target: { type: 'api_key', id: key.id },
      subjects: [{ type: 'user', id: owner.id }],
      properties: { identifier, description: key.memo },
    })
    await notify(tx, 'administration', { what: 'api_keys' })
  })
}

/** An administrator who is limited by roles leaves those of root administrators alone. */
async function lockKey(tx: Executor, actor: Actor, identifier: string): Promise<ListedKey> {
  const [found] = await tx
    .select({ key: apiKeys, owner: { id: users.id, username: users.username, rootAdmin: users.rootAdmin } })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(and(eq(apiKeys.identifier, identifier), eq(apiKeys.kind, 'application')))
    .for('update', { of: apiKeys })
  if (!found) throw new AppError('resource.not_found')
  if (found.owner.rootAdmin && !actor.isRootAdmin) throw new AppError('auth.forbidden')
  return found
}
