import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { and, eq, isNull, lt, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { users } from '#server/database/schema'

const STEP_MS = 30_000
const DIGITS = 6

interface SpendCode {
  userId: string
  /** Base32. */
  secret: string
  code: string
}

/**
 * Uses a TOTP code up. False when it is wrong, was used before, or is older than the last one used; of two at once, one
 * wins. SHA-1, six digits, the steps before, around and after now.
 */
export async function spendCode(tx: Executor, { userId, secret, code }: SpendCode): Promise<boolean> {
  const current = Math.floor(Date.now() / STEP_MS)
  const otp = createOTP(base32.decode(secret), { digits: DIGITS, period: STEP_MS / 1000 })

  for (const step of [current, current - 1, current + 1]) {
    if ((await otp.hotp(step)) !== code) continue
    const startedAt = new Date(step * STEP_MS).toISOString()
    const isLater = or(isNull(users.totpAuthenticatedAt), lt(users.totpAuthenticatedAt, startedAt))
    const won = await tx
      .update(users)
      .set({ totpAuthenticatedAt: startedAt })
      .where(and(eq(users.id, userId), isLater))
      .returning({ id: users.id })
    return won.length === 1
  }

  return false
}
