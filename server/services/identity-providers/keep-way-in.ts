import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { accounts, identityProviders, users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { readSettings } from '#server/services/settings/current-settings'

/**
 * For whatever takes a way in away, after it did, in its transaction: where passwords let nobody in, a root administrator
 * is left who comes in by a provider. One after the other, so that two do not each count on what the other takes.
 *
 * @throws {AppError} `sign_in.password_needed`
 */
export async function keepWayIn(tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('settings'))`)
  const { passwordSignIn } = (await readSettings(tx)).signIn
  if (!passwordSignIn && !(await isRootLinked(tx))) throw new AppError('sign_in.password_needed')
}

async function isRootLinked(tx: Executor): Promise<boolean> {
  const [found] = await tx
    .select({ id: users.id })
    .from(users)
    .innerJoin(accounts, eq(accounts.userId, users.id))
    .innerJoin(identityProviders, eq(identityProviders.id, accounts.provider))
    .where(
      and(
        eq(users.rootAdmin, true),
        eq(users.suspended, false),
        or(isNull(users.banned), eq(users.banned, false)),
        eq(identityProviders.enabled, true),
      ),
    )
    .limit(1)
  return found !== undefined
}
