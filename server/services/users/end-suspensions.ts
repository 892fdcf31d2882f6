import { and, eq, lte } from 'drizzle-orm'
import { SYSTEM } from '#server/auth/actor'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { unsuspendUser } from './unsuspend-user'

/** Suspensions whose time is over. Whoever signs in before that ends his own. */
export async function endSuspensions(): Promise<void> {
  const over = await useDrizzle()
    .select()
    .from(users)
    .where(and(eq(users.suspended, true), lte(users.banExpires, sqlNow)))
  for (const user of over) await unsuspendUser({ actor: SYSTEM, user, ifOver: true })
}
