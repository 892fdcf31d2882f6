import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { apiKeys } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/** Ends one of somebody's own keys; what it holds open ends with it. @throws {AppError} `resource.not_found` */
export async function deleteAccountKey({ actor, identifier }: { actor: Person; identifier: string }): Promise<void> {
  const { userId } = actor
  await useDrizzle().transaction(async (tx) => {
    const isOwn = and(eq(apiKeys.identifier, identifier), eq(apiKeys.userId, userId), eq(apiKeys.kind, 'account'))
    const [gone] = await tx.delete(apiKeys).where(isOwn).returning({ id: apiKeys.id })
    if (!gone) throw new AppError('resource.not_found')

    await recordActivity(tx, {
      actor,
      event: 'user:api-key.delete',
      target: { type: 'user', id: userId },
      subjects: [{ type: 'api_key', id: gone.id }],
      properties: { identifier },
    })
    await notify(tx, 'access', { userId })
  })
}
