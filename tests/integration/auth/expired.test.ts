import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { oneTimeTokens, trustedDevices, verifications } from '#server/database/schema'
import { pruneActivity } from '#server/services/activity/prune-activity'
import { makeUser } from '../../support/factories'

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

it('what has ended of links, visits and trusted browsers is taken away, what is still good stays', async () => {
  const [db, { id: userId }] = [useDrizzle(), await makeUser()]
  for (const [name, days] of [
    ['old', -8],
    ['good', 1],
  ] as const) {
    const expiresAt = inDays(days)
    await db.insert(trustedDevices).values({ userId, tokenHash: name, expiresAt })
    await db.insert(verifications).values({ identifier: name, value: '', expiresAt })
    await db.insert(oneTimeTokens).values({ userId, purpose: 'password.reset', tokenHash: name, expiresAt })
  }
  await pruneActivity()
  const left = [
    await db.select({ name: trustedDevices.tokenHash }).from(trustedDevices).where(eq(trustedDevices.userId, userId)),
    await db.select({ name: verifications.identifier }).from(verifications),
    await db.select({ name: oneTimeTokens.tokenHash }).from(oneTimeTokens).where(eq(oneTimeTokens.userId, userId)),
  ]
  expect(left.map((rows) => rows.map(({ name }) => name))).toEqual([['good'], ['good'], ['good']])
})
