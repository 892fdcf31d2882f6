import { eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { recoveryCodes, trustedDevices, twoFactor, users, type UserRow } from '#server/database/schema'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import type { ToTell } from '#server/services/access/tell-nodes'

/**
 * Takes somebody's second factor away with all that belongs to it: secret, recovery codes, trusted browsers. What he holds
 * open on nodes ends; which of his sessions end as well is the caller's to say.
 */
export async function dropFactor(tx: Executor, user: UserRow): Promise<ToTell> {
  const { id } = user
  // The lock against a code used twice belongs to the secret: the next one begins anew.
  const off = { useTotp: false, twoFactorEnabled: false, totpAuthenticatedAt: null }
  await tx.update(users).set(off).where(eq(users.id, id))
  await tx.delete(twoFactor).where(eq(twoFactor.userId, id))
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, id))
  await tx.delete(trustedDevices).where(eq(trustedDevices.userId, id))
  return revokeEverywhere(tx, user)
}
