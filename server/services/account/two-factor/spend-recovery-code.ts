import { and, eq, isNull, like } from 'drizzle-orm'
import { verifyPassword } from '#server/auth/passwords'
import { useDrizzle, type Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { keyedHashOf } from '#server/database/hash'
import { recoveryCodes } from '#server/database/schema'

/** As it rests. A code is short enough to be tried, so the hash is keyed. */
export const recoveryHashOf = (code: string): string => `h1:${keyedHashOf('recovery codes', code)}`

/** The hash under which a code rests: our own, or an imported one that it opens. No guess is stopped here. */
export async function findRecoveryHash(userId: string, code: string): Promise<string> {
  const isImported = and(
    eq(recoveryCodes.userId, userId),
    isNull(recoveryCodes.usedAt),
    like(recoveryCodes.codeHash, '$2%'),
  )
  const imported = await useDrizzle()
    .select({ hash: recoveryCodes.codeHash })
    .from(recoveryCodes)
    .where(isImported)
    .limit(20)
  for (const { hash } of imported) if (await verifyPassword({ hash, password: code })) return hash
  return recoveryHashOf(code)
}

/** Uses a recovery code up. Of two at once, one wins. */
export async function spendRecoveryCode(tx: Executor, userId: string, codeHash: string): Promise<boolean> {
  const isUnused = and(
    eq(recoveryCodes.userId, userId),
    eq(recoveryCodes.codeHash, codeHash),
    isNull(recoveryCodes.usedAt),
  )
  const spent = await tx
    .update(recoveryCodes)
    .set({ usedAt: now() })
    .where(isUnused)
    .returning({ id: recoveryCodes.id })
  return spent.length === 1
}
