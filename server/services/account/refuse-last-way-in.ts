import { and, eq, isNotNull } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { accounts, identityProviders, passkeys } from '#server/database/schema'
import { AppError } from '#server/errors'
import { lockPeople } from '#server/services/roles/rights-change'
import { readSettings } from '#server/services/settings/current-settings'

/**
 * For whatever takes a way into an account away, after it did, in its transaction. One after the other: two that go at the
 * same moment would each find the other still there.
 *
 * @throws {AppError} `provider.last_way_in`
 */
export async function refuseLastWayIn(tx: Executor, userId: string): Promise<void> {
  await lockPeople(tx, [userId])
  if (!(await hasWayIn(tx, userId))) throw new AppError('provider.last_way_in')
}

/** A password where one counts, a passkey, or a provider that is switched on. */
async function hasWayIn(tx: Executor, userId: string): Promise<boolean> {
  const isOf = eq(accounts.userId, userId)
  const { passwordSignIn } = (await readSettings(tx)).signIn
  const passwords = passwordSignIn ? await tx.$count(accounts, and(isOf, isNotNull(accounts.password))) : 0
  const keys = await tx.$count(passkeys, eq(passkeys.userId, userId))
  const providers = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .innerJoin(identityProviders, eq(identityProviders.id, accounts.provider))
    .where(and(isOf, eq(identityProviders.enabled, true)))
    .limit(1)
  return passwords + keys + providers.length > 0
}
