import { randomBytes } from 'node:crypto'
import { and, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import { describeBrowser } from '#server/auth/describe-browser'
import { useDrizzle, type Executor } from '#server/database/client'
import { now, sqlNow } from '#server/database/columns'
import { hashOf } from '#server/database/hash'
import { trustedDevices, type TrustedDeviceRow, type UserRow } from '#server/database/schema'
import type { Visitor } from '#server/services/account/visitor'

const DAY_MS = 86_400_000
const TRUSTED_FOR_MS = 30 * DAY_MS
const TOKEN_BYTES = 32

export interface TrustGiven {
  /** For the cookie. */
  token: string
  /** As the browser calls itself. */
  name: string | null
}

/** From now on no code is asked for where this token comes along with the right password. It rests only as a hash. */
export async function trustBrowser(tx: Executor, user: UserRow, { ip, userAgent }: Visitor): Promise<TrustGiven> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const { browserName, osName } = describeBrowser(userAgent)
  const name = [browserName, osName].filter(Boolean).join(', ') || null
  // His own that have ended: nobody else asks for them.
  await tx.delete(trustedDevices).where(and(eq(trustedDevices.userId, user.id), lt(trustedDevices.expiresAt, sqlNow)))
  await tx.insert(trustedDevices).values({
    userId: user.id,
    tokenHash: hashOf(token),
    deviceName: name,
    ip,
    lastUsedAt: now(),
    expiresAt: new Date(Date.now() + TRUSTED_FOR_MS).toISOString(),
  })
  return { token, name }
}

/** Whether somebody has said of this browser that it needs no code. */
export async function isTrusted(user: UserRow, { trustTokens, ip }: Visitor): Promise<boolean> {
  if (trustTokens.length === 0) return false
  const isHis = and(
    eq(trustedDevices.userId, user.id),
    inArray(trustedDevices.tokenHash, trustTokens.map(hashOf)),
    gt(trustedDevices.expiresAt, sqlNow),
  )
  const used = await useDrizzle()
    .update(trustedDevices)
    .set({ lastUsedAt: now(), ip })
    .where(isHis)
    .returning({ id: trustedDevices.id })
  return used.length > 0
}

const LIST_MAX = 100

/** The browsers that somebody trusts, the last used first. */
export const listTrustedBrowsers = (userId: string): Promise<TrustedDeviceRow[]> =>
  useDrizzle()
    .select()
    .from(trustedDevices)
    .where(and(eq(trustedDevices.userId, userId), gt(trustedDevices.expiresAt, sqlNow)))
    .orderBy(desc(trustedDevices.lastUsedAt), desc(trustedDevices.id))
    .limit(LIST_MAX)
