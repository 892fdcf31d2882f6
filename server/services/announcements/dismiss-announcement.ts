import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { announcementDismissals } from '#server/database/schema'
import { AppError } from '#server/errors'
import { listShown } from './queries'

/**
 * Puts away what is shown to this person.
 *
 * @throws {AppError} `resource.not_found` (also for what concerns others), `announcement.stays`
 */
export async function dismissAnnouncement({ actor, id }: { actor: Person; id: string }): Promise<void> {
  const announcement = (await listShown(actor)).find((one) => one.id === id)
  if (!announcement) throw new AppError('resource.not_found')
  if (!announcement.isDismissible) throw new AppError('announcement.stays')
  await useDrizzle()
    .insert(announcementDismissals)
    .values({ announcementId: id, userId: actor.userId })
    .onConflictDoNothing()
}
