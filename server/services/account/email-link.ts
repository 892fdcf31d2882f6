import { and, eq, gt, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { sqlNow } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { oneTimeTokenData } from '#server/database/json'
import { oneTimeTokens } from '#server/database/schema'

export const EMAIL_LINK_MINUTES = 60

/** The change of an address that waits for its link; null where none does. */
export async function findWaitingEmail(tx: Executor, userId: string): Promise<string | null> {
  const [waiting] = await tx.select({ data: oneTimeTokens.data }).from(oneTimeTokens).where(isWaiting(userId))
  return waiting ? emailIn(waiting.data) : null
}

export async function dropWaitingEmail(tx: Executor, userId: string): Promise<void> {
  await tx.delete(oneTimeTokens).where(isWaiting(userId))
}

export const emailIn = (data: string | null): string => String(z.decode(oneTimeTokenData, data ?? '{}').email)

const isWaiting = (userId: string) =>
  and(
    eq(oneTimeTokens.userId, userId),
    eq(oneTimeTokens.purpose, 'email.change'),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, sqlNow),
  )
