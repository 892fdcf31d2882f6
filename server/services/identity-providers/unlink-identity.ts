import { and, eq, isNotNull, ne } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { accounts, identityProviders, passkeys, users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import { keepWayIn } from './keep-way-in'

/**
 * Disconnects somebody from a provider, unless nothing else would let him in again.
 *
 * @throws {AppError} `auth.forbidden`, `resource.not_found`, `provider.last_way_in`, `sign_in.password_needed`
 */
export async function unlinkIdentity({ actor, accountId }: { actor: Person; accountId: string }): Promise<void> {
  const { userId, door } = actor
  if (door.kind === 'session' && door.impersonatorId !== null) throw new AppError('auth.forbidden')

  await useDrizzle().transaction(async (tx) => {
    // Two that go at the same moment would each find the other still there.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
    const isOwn = and(eq(accounts.id, accountId), eq(accounts.userId, userId), ne(accounts.provider, 'credential'))
    const [gone] = await tx.delete(accounts).where(isOwn).returning()
    if (!gone) throw new AppError('resource.not_found')
    await keepWayIn(tx)
    if (!(await hasWayIn(tx, userId))) throw new AppError('provider.last_way_in')

    await recordActivity(tx, {
      actor,
      event: 'user:identity.unlink',
      target: { type: 'user', id: userId },
      properties: { provider: gone.provider, label: gone.label },
    })
  })
}

/** A password where one counts, a passkey, or a provider that is switched on. */
async function hasWayIn(tx: Executor, userId: string): Promise<boolean> {
  const isOf = eq(accounts.userId, userId)
  const { passwordSignIn } = (await getSettings()).signIn
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
