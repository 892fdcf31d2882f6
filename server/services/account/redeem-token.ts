import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { now, sqlNow } from '#server/database/columns'
import { hashOf } from '#server/database/hash'
import { oneTimeTokens, type OneTimeTokenRow } from '#server/database/schema'

interface Named {
  purposes: OneTimeTokenRow['purpose'][]
  token: string
}

const isOpen = ({ purposes, token }: Named) =>
  and(
    eq(oneTimeTokens.tokenHash, hashOf(token)),
    inArray(oneTimeTokens.purpose, purposes),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, sqlNow),
  )

/** What a secret is good for, without using it up. */
export async function findToken(tx: Executor, named: Named): Promise<OneTimeTokenRow | undefined> {
  const [found] = await tx.select().from(oneTimeTokens).where(isOpen(named))
  return found
}

/** Uses a secret up. Undefined when it is unknown, too old or used: of many at once, one gets it. */
export async function redeemToken(tx: Executor, named: Named): Promise<OneTimeTokenRow | undefined> {
  const [redeemed] = await tx.update(oneTimeTokens).set({ usedAt: now() }).where(isOpen(named)).returning()
  return redeemed
}
