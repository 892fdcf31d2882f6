import { and, eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { dropWaitingEmail } from '#server/services/account/email-link'
import { isSessionOf } from '#server/services/account/queries'
import { accounts, sessions, trustedDevices, users, type UserRow } from '#server/database/schema'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import type { ToTell } from '#server/services/access/tell-nodes'

/**
 * Writes a new password and takes away what the old one had opened: every session, every trusted browser, consoles and
 * file transfers at the nodes, which are told after the commit. Keys stay. The demand for a new password is met by it.
 */
export async function setPassword(tx: Executor, user: UserRow, passwordHash: string): Promise<ToTell> {
  const { id: userId } = user
  const credential = {
    type: 'credential' as const,
    provider: 'credential',
    providerId: 'credential',
    providerAccountId: userId,
    accountId: userId,
  }
  const isCredential = and(eq(accounts.userId, userId), eq(accounts.provider, 'credential'))
  const changed = await tx
    .update(accounts)
    .set({ password: passwordHash })
    .where(isCredential)
    .returning({ id: accounts.id })
  if (changed.length === 0) await tx.insert(accounts).values({ ...credential, userId, password: passwordHash })

  await tx.update(users).set({ passwordChangedAt: now(), passwordResetRequired: false }).where(eq(users.id, userId))
  await tx.delete(sessions).where(isSessionOf(userId))
  await tx.delete(trustedDevices).where(eq(trustedDevices.userId, userId))
  // Whoever knew the old one may have asked for another address.
  await dropWaitingEmail(tx, userId)

  return revokeEverywhere(tx, user)
}
