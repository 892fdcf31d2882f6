import { and, eq, gt, like, lt } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { hashOf } from '#server/database/hash'
import { verifications } from '#server/database/schema'

const GOOD_FOR_MS = 5 * 60_000
const PREFIX = 'passkey:'

interface Challenge {
  /** Whose passkey is made; null where somebody signs in who is still nobody. */
  userId: string | null
  challenge: string
}

/** One made for somebody's registration signs nobody in, nor the other way about. */
const identifierOf = ({ userId, challenge }: Challenge) => `${PREFIX}${userId ?? 'sign-in'}:${hashOf(challenge)}`

/** Remembers what an authenticator was asked to sign, for five minutes. */
export async function keepChallenge(given: Challenge): Promise<void> {
  const db = useDrizzle()
  await db
    .delete(verifications)
    .where(and(like(verifications.identifier, `${PREFIX}%`), lt(verifications.expiresAt, sqlNow)))
  const expiresAt = new Date(Date.now() + GOOD_FOR_MS).toISOString()
  await db.insert(verifications).values({ identifier: identifierOf(given), value: '', expiresAt })
}

/** Uses one up. False when nobody was asked for it, or too long ago; of many at once, one gets it. */
export async function spendChallenge(given: Challenge): Promise<boolean> {
  const isOpen = and(eq(verifications.identifier, identifierOf(given)), gt(verifications.expiresAt, sqlNow))
  const spent = await useDrizzle().delete(verifications).where(isOpen).returning({ id: verifications.id })
  return spent.length > 0
}
