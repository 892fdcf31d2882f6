import { and, eq, isNull } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { SYSTEM } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { oneTimeTokens, users, type OneTimeTokenRow, type UserRow } from '#server/database/schema'
import { issueToken } from '#server/services/account/issue-token'
import { updateUser } from '#server/services/users/update-user'
import { makeUser } from '../../support/factories'

const PURPOSES: OneTimeTokenRow['purpose'][] = ['password.reset', 'account.setup', 'email.change']
const stored = async ({ id }: UserRow) => (await useDrizzle().select().from(users).where(eq(users.id, id)))[0]
const openLinks = ({ id }: UserRow) =>
  useDrizzle().$count(oneTimeTokens, and(eq(oneTimeTokens.userId, id), isNull(oneTimeTokens.usedAt)))

async function arrange() {
  const user = await makeUser({ emailVerified: now() })
  for (const purpose of PURPOSES) await issueToken(useDrizzle(), { purpose, userId: user.id, minutes: 60 })
  return user
}
const move = (user: UserRow, email: string) => updateUser({ actor: SYSTEM, user, change: { email } })

describe('an address that an administrator moves', () => {
  it('sec-42 is proven by nobody, and what went to the one before opens nothing', async () => {
    const user = await arrange()
    await move(user, `new-${user.email}`)
    expect(await stored(user)).toMatchObject({ email: `new-${user.email}`, emailVerified: null })
    expect(await openLinks(user)).toBe(0)
  })

  it('sec-42 is compared with the one that is stored, not with the one that was read before', async () => {
    const user = await arrange()
    await useDrizzle()
      .update(users)
      .set({ email: `own-${user.email}` })
      .where(eq(users.id, user.id))
    await move(user, user.email)
    expect(await stored(user)).toMatchObject({ email: user.email, emailVerified: null })
    expect(await openLinks(user)).toBe(0)
  })

  it('stays proven where it stays, in whatever case it is written', async () => {
    const user = await arrange()
    await move(user, user.email.toUpperCase())
    expect(await stored(user)).toMatchObject({ email: user.email, emailVerified: expect.any(String) })
    expect(await openLinks(user)).toBe(PURPOSES.length)
  })
})
