import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { trustedDevices } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'

/** From now on this browser is asked for a code again. @throws {AppError} `resource.not_found` */
export async function forgetBrowser({ actor, id }: { actor: Person; id: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const isOwn = and(eq(trustedDevices.id, id), eq(trustedDevices.userId, actor.userId))
    const [forgotten] = await tx.delete(trustedDevices).where(isOwn).returning({ name: trustedDevices.deviceName })
    if (!forgotten) throw new AppError('resource.not_found')
    await recordActivity(tx, {
      actor,
      event: 'user:trusted-browser.delete',
      target: { type: 'user', id: actor.userId },
      properties: { browser: forgotten.name },
    })
  })
}
