import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { enqueue } from '#server/jobs/queue'
import { mailEmailLink } from '#server/jobs/definitions/mail-email-link'
import { limitUse } from '#server/services/throttles/limit-use'

/** Sends the link again, another one: the one before is worth nothing then. @throws {AppError} `request.too_many` */
export async function resendEmailLink({ actor }: { actor: Person }): Promise<void> {
  const { userId } = actor
  await limitUse({ bucket: 'email-link', name: userId })
  await enqueue(useDrizzle(), mailEmailLink, { userId }, { key: userId })
}
