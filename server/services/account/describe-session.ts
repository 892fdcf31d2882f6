import { eq, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sessions, users, type UserRow } from '#server/database/schema'

export interface DescribedSession {
  user: UserRow
  /** The administrator who acts as the user. */
  impersonator: string | null
  /** Of the session; null with a key. */
  expires: string | null
}

/** What our own pages begin with, in one statement. Undefined when the person was deleted meanwhile. */
export async function describeSession({ userId, door }: Person): Promise<DescribedSession | undefined> {
  const isThis = door.kind === 'session' ? eq(sessions.id, door.sessionId) : sql`false`
  const [found] = await useDrizzle()
    .select({
      user: users,
      expires: sessions.expires,
      impersonator: sql<
        string | null
      >`(select coalesce(acting.display_username, acting.username) from ${users} acting where acting.id = ${sessions.impersonatedBy})`,
    })
    .from(users)
    .leftJoin(sessions, isThis)
    .where(eq(users.id, userId))
    .limit(1)
  return found
}
