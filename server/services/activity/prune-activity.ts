import { and, inArray, isNotNull, lt, ne, or } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import {
  auditEvents,
  mails,
  notifications,
  oneTimeTokens,
  serverTransfers,
  sessions,
  throttles,
  trustedDevices,
  verifications,
} from '#server/database/schema'
import { pruneImages } from '#server/services/images/prune-images'
import { getSettings } from '#server/services/settings/current-settings'

const BATCH = 5000
const DAY_MS = 86_400_000

const before = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()

/** Takes away what is kept for a while only. Batches, so that nobody waits long for a lock. */
export async function pruneActivity(): Promise<void> {
  const db = useDrizzle()
  const { activityDays } = (await getSettings()).retention

  if (activityDays > 0) {
    const old = db
      .select({ id: auditEvents.id })
      .from(auditEvents)
      .where(lt(auditEvents.occurredAt, before(activityDays)))
      .orderBy(auditEvents.id)
      .limit(BATCH)
    for (let gone = BATCH; gone === BATCH;)
      gone = (await db.delete(auditEvents).where(inArray(auditEvents.id, old)).returning({ id: auditEvents.id })).length
  }
  const isSettled = or(ne(serverTransfers.status, 'succeeded'), isNotNull(serverTransfers.sourceRemovedAt))
  await db.delete(serverTransfers).where(and(lt(serverTransfers.finishedAt, before(365)), isSettled))
  await db.delete(sessions).where(lt(sessions.expires, before(1)))
  await db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, before(7)))
  await db.delete(verifications).where(lt(verifications.expiresAt, before(0)))
  await db.delete(trustedDevices).where(lt(trustedDevices.expiresAt, before(0)))
  await db.delete(throttles).where(lt(throttles.windowEndsAt, before(1)))
  await db.delete(notifications).where(lt(notifications.createdAt, before(90)))
  await db.delete(mails).where(and(lt(mails.createdAt, before(90)), ne(mails.status, 'waiting')))
  await pruneImages()
}
