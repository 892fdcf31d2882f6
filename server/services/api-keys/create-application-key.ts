import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { apikeyPermissions } from '#server/database/json'
import { only } from '#server/database/rows'
import { apiKeys, type ApiKeyRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { LEVEL, type Grants } from '#shared/permissions'
import { refuseBeyondRights } from '#server/services/api-keys/beyond-rights'
import { newKey, type KeyLimits } from '#server/services/api-keys/new-key'

interface CreateApplicationKey extends KeyLimits {
  actor: Actor
  /** Whose key it becomes, and whose rights it narrows. */
  ownerId: string
  description: string
  carries: Grants
}

const BOTH = LEVEL.read | LEVEL.write

/**
 * Makes a key for the administration, whose secret is answered this once.
 *
 * @throws {AppError} `api_key.beyond_rights`, `auth.forbidden`
 */
export async function createApplicationKey({
  actor,
  ownerId,
  description,
  carries,
  ...limits
}: CreateApplicationKey): Promise<{ key: ApiKeyRow; secret: string }> {
  if (actor.door.kind === 'session' && actor.door.impersonatorId !== null) throw new AppError('auth.forbidden')
  refuseBeyondRights(actor, carries)

  const permissions = Object.fromEntries(
    Object.entries(carries).flatMap(([resource, level]) => (level ? [[resource, level & BOTH]] : [])),
  )
  const { secret, values } = newKey('application', limits)
  return useDrizzle().transaction(async (tx) => {
    const key = only(
      await tx
        .insert(apiKeys)
        .values({
          ...values,
          userId: ownerId,
          memo: description,
          permissions: z.encode(apikeyPermissions, permissions),
        })
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'admin:api-key.create',
      target: { type: 'api_key', id: key.id },
      subjects: [{ type: 'user', id: ownerId }],
      properties: { identifier: values.identifier, description, permissions },
    })
    await notify(tx, 'administration', { what: 'api_keys' })
    return { key, secret }
  })
}
