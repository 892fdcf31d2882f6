import { randomBytes } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { hashOf } from '#server/database/hash'
import { oneTimeTokens, type OneTimeTokenRow } from '#server/database/schema'

interface IssueToken {
  purpose: OneTimeTokenRow['purpose']
  /** Null only for the set-up of the panel. */
  userId: string | null
  minutes: number
  data?: string
  /** Works from this address only. */
  ip?: string
}

/** 64 characters, as the confirmation tokens of the API have. */
const TOKEN_BYTES = 48

/** Makes a link's or a step's secret, which is returned and rests only as a hash. Older ones for the same end with it. */
export async function issueToken(tx: Executor, { purpose, userId, minutes, data, ip }: IssueToken): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const sameUser = userId === null ? isNull(oneTimeTokens.userId) : eq(oneTimeTokens.userId, userId)

  await tx.delete(oneTimeTokens).where(and(sameUser, eq(oneTimeTokens.purpose, purpose), isNull(oneTimeTokens.usedAt)))
  await tx.insert(oneTimeTokens).values({
    purpose,
    userId,
    data,
    ip,
    tokenHash: hashOf(token),
    expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
  })
  return token
}
