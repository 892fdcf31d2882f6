import { and, eq } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { isUniqueViolation } from '#server/database/errors'
import { accounts, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { tellNodes, type ToTell } from '#server/services/access/tell-nodes'
import { isShutOut, personOf } from '#server/services/account/let-in'
import type { Visitor } from '#server/services/account/visitor'
import { recordActivity } from '#server/services/activity/record-activity'
import { notify } from '#server/events/notify'
import { getSettings } from '#server/services/settings/current-settings'
import { prepareUser } from '#server/services/users/prepare-user'
import { applyRoles } from './apply-roles'
import { freeUsername } from './free-username'
import { connectIdentity, insertLink, labelOf } from './link-identity'
import type { Provider } from './provider'
import type { Identity } from './read-identity'

interface Admit {
  provider: Provider
  identity: Identity
  visitor: Visitor
}

/**
 * Whose account an identity opens: the one it is connected with; else the one with its address, if that may be connected;
 * else a new one, if those may be made. Only an address that the provider has verified counts, and an account is found by
 * it only if its own address was proven too: whoever types a stranger's address into a form does not get the stranger. An
 * administrator connects himself, or not at all.
 *
 * @throws {AppError} `provider.email_missing`, `provider.email_unverified`, `provider.account_exists`, `provider.no_account`, `sign_in.suspended`
 */
export async function admit({ provider, identity, visitor }: Admit): Promise<UserRow> {
  const { user, toTell } = await useDrizzle()
    .transaction(async (tx) => {
      const found = (await ownerOf(tx, provider, identity)) ?? (await connected(tx, { provider, identity, visitor }))
      if (isShutOut(found)) throw new AppError('sign_in.suspended')
      return applyRoles(tx, { user: found, provider, claims: identity.claims })
    })
    .catch((error: unknown) => {
      // Two first sign-ins of one person in the same moment.
      if (isUniqueViolation(error)) throw new AppError('provider.visit_expired', { cause: error })
      throw error
    })
  await tellNodes(toTell satisfies ToTell)
  return user
}

async function ownerOf(tx: Executor, provider: Provider, identity: Identity): Promise<UserRow | undefined> {
  const isIdentity = and(eq(accounts.provider, provider.id), eq(accounts.providerAccountId, identity.subject))
  const [found] = await tx
    .select({ user: users, label: accounts.label })
    .from(accounts)
    .innerJoin(users, eq(users.id, accounts.userId))
    .where(isIdentity)
  const label = labelOf(identity)
  if (found && found.label !== label) await tx.update(accounts).set({ label }).where(isIdentity)
  return found?.user
}

async function connected(tx: Executor, { provider, identity, visitor }: Admit): Promise<UserRow> {
  const { email, isEmailVerified } = identity
  if (!email) throw new AppError('provider.email_missing')
  if (!isEmailVerified) throw new AppError('provider.email_unverified')

  const [known] = await tx.select().from(users).where(eq(users.email, email)).for('update')
  if (known) {
    const isProven = known.emailVerified !== null
    const isAdministrator = known.rootAdmin || known.role === 'admin'
    if (!provider.linksUsers || !isProven || isAdministrator) throw new AppError('provider.account_exists')
    if (isShutOut(known)) throw new AppError('sign_in.suspended')
    await connectIdentity(tx, { actor: personOf(known, visitor), userId: known.id, provider, identity })
    return known
  }

  if (!provider.createsUsers) throw new AppError('provider.no_account')
  return createUser(tx, { provider, identity, visitor }, email)
}

async function createUser(tx: Executor, { provider, identity, visitor }: Admit, email: string): Promise<UserRow> {
  const { panel } = await getSettings()
  const name = (text: string | null) => text?.slice(0, 191) ?? null
  const insertUser = await prepareUser(
    {
      username: await freeUsername(tx, identity.username ?? email),
      email,
      nameFirst: name(identity.nameFirst),
      nameLast: name(identity.nameLast),
      language: panel.locale,
      timeZone: panel.zone,
      emailVerified: now(),
    },
    null,
  )
  const user = await insertUser(tx)
  const actor = personOf(user, visitor)
  await recordActivity(tx, {
    actor,
    event: 'user:account.create',
    target: { type: 'user', id: user.id },
    properties: { username: user.username, email, provider: provider.id },
  })
  await insertLink(tx, { actor, userId: user.id, provider, identity })
  await notify(tx, 'administration', { what: 'users' })
  return user
}
