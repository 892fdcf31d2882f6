import { and, eq, gt, isNull, or } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { apiKeys, sessions, users } from '#server/database/schema'

/** Whether what somebody came in with still lets him in: for what stays open longer than a request. */
export async function isSessionAlive({ door, userId }: Person): Promise<boolean> {
  const db = useDrizzle()
  const isFree = and(eq(users.id, userId), eq(users.suspended, false))
  if (door.kind === 'session') {
    const [alive] = await db
      .select({ id: sessions.id })
      .from(sessions)
      .innerJoin(users, isFree)
      .where(and(eq(sessions.id, door.sessionId), gt(sessions.expires, sqlNow)))
    return alive !== undefined
  }
  if (!('identifier' in door)) return false
  const [alive] = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .innerJoin(users, isFree)
    .where(
      and(
        eq(apiKeys.identifier, door.identifier),
        eq(apiKeys.enabled, true),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sqlNow)),
      ),
    )
  return alive !== undefined
}
