import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { apikeyPermissions } from '#server/database/json'
import { only } from '#server/database/rows'
import { apiKeys, users, type ApiKeyRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import type { ServerPermission } from '#shared/permissions'
import { newKey, type KeyLimits } from '#server/services/api-keys/new-key'
import { serverIdsOf } from '#server/services/api-keys/server-ids'
import { withinOwnKey } from '#server/services/api-keys/within-own-key'

interface CreateAccountKey extends KeyLimits {
  actor: Actor
  /** Whose key it becomes. */
  ownerId: string
  description: string
  /** Identifiers of the servers it is for; null: all. */
  servers?: readonly string[] | null
  /** Null: all that its owner has. */
  permissions?: readonly ServerPermission[] | null
}

/**
 * Makes a key for somebody's account, whose secret is answered this once.
 *
 * @throws {AppError} `api_key.limit_reached`, `api_key.beyond_key`, `auth.forbidden`, `request.invalid`
 */
export async function createAccountKey({
  actor,
  ownerId,
  description,
  servers = null,
  permissions = null,
  ...asked
}: CreateAccountKey): Promise<{ key: ApiKeyRow; secret: string }> {
  const serverIds = servers && (await serverIdsOf(actor, servers))
  const narrowed =
    serverIds || permissions ? { servers: serverIds, permissions: permissions && [...permissions] } : null

  return useDrizzle().transaction(async (tx) => {
    await keepToLimit(tx, ownerId)
    const { secret, values } = newKey('account', await withinOwnKey(tx, actor, asked))
    const key = only(
      await tx
        .insert(apiKeys)
        .values({
          ...values,
          userId: ownerId,
          memo: description,
          permissions: narrowed && z.encode(apikeyPermissions, narrowed),
        })
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'user:api-key.create',
      target: { type: 'user', id: ownerId },
      subjects: [{ type: 'api_key', id: key.id }],
      properties: { identifier: values.identifier },
    })
    return { key, secret }
  })
}

async function keepToLimit(tx: Executor, ownerId: string): Promise<void> {
  // Two requests that count at the same moment would both find room.
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update')
  const held = await tx.$count(apiKeys, and(eq(apiKeys.userId, ownerId), eq(apiKeys.kind, 'account')))
  if (held >= (await getSettings()).limits.keysPerAccount) throw new AppError('api_key.limit_reached')
}
