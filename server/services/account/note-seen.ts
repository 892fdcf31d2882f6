import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import type { FoundPerson } from '#server/auth/find-person'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { apiKeys, sessionMetadata, sessions, users } from '#server/database/schema'
import { logger } from '#server/logger'

const ONCE_PER_MS = 60_000

/** Per process: requests that come together must not all write the same minute. */
const noted = new Map<string, number>()

/** Remembers when a person, his session or his key was seen last: at most once a minute, and nobody waits for it. */
export function noteSeen(person: Person, found: FoundPerson): void {
  const { door } = person
  const subject = door.kind === 'session' ? door.sessionId : 'identifier' in door ? door.identifier : ''
  const at = Date.now()
  if (at - (noted.get(subject) ?? 0) < ONCE_PER_MS) return
  if (noted.size > 20_000) noted.clear()
  noted.set(subject, at)

  write(person, found).catch((error: unknown) => logger.error({ err: error }, 'could not note who was seen'))
}

async function write({ userId, door, ip, userAgent }: Person, found: FoundPerson): Promise<void> {
  const db = useDrizzle()
  const lastSeenAt = now()
  // Whoever acts as him has not seen him.
  const isHimself = door.kind !== 'session' || door.impersonatorId === null
  if (
    isHimself &&
    (found.lastSeenAt === null || Date.parse(lastSeenAt) - Date.parse(found.lastSeenAt) >= ONCE_PER_MS)
  ) {
    await db
      .update(users)
      .set({ lastSeenAt, updatedAt: sql`${users.updatedAt}` })
      .where(eq(users.id, userId))
  }
  if (door.kind === 'session') {
    const token = db.select({ token: sessions.sessionToken }).from(sessions).where(eq(sessions.id, door.sessionId))
    await db
      .update(sessionMetadata)
      .set({ lastSeenAt, ipAddress: ip, userAgent })
      .where(eq(sessionMetadata.sessionToken, token))
    return
  }
  if ('identifier' in door) {
    const used = { lastUsedAt: lastSeenAt, lastRequest: lastSeenAt, requestCount: sql`${apiKeys.requestCount} + 1` }
    // Another process may have noted it in the same minute.
    const isDue = or(
      isNull(apiKeys.lastUsedAt),
      lt(apiKeys.lastUsedAt, new Date(Date.now() - ONCE_PER_MS).toISOString()),
    )
    await db
      .update(apiKeys)
      .set(used)
      .where(and(eq(apiKeys.identifier, door.identifier), isDue))
  }
}
