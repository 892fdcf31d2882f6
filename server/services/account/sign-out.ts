import { eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sessions } from '#server/database/schema'
import { notify } from '#server/events/notify'

/** Ends the session of a cookie. Of one that has ended already there is nothing to say. */
export async function signOut({ token }: { token: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const [ended] = await tx
      .delete(sessions)
      .where(eq(sessions.sessionToken, token))
      .returning({ userId: sessions.userId })
    if (ended) await notify(tx, 'access', { userId: ended.userId })
  })
}
