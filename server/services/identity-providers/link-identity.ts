import { and, eq } from 'drizzle-orm'
import type { Actor, Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { accounts, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyPeople } from '#server/services/notifications/notify-people'
import type { Provider } from './provider'
import type { Identity } from './read-identity'

interface LinkIdentity {
  /** Is signed in, and has just proven at the provider who he is there. */
  actor: Person
  provider: Provider
  identity: Identity
}

/** Connects somebody who is signed in. Twice changes nothing. @throws {AppError} `provider.linked_elsewhere` */
export async function linkIdentity({ actor, provider, identity }: LinkIdentity): Promise<void> {
  await useDrizzle()
    .transaction(async (tx) => {
      const [known] = await tx
        .select({ userId: accounts.userId })
        .from(accounts)
        .where(and(eq(accounts.provider, provider.id), eq(accounts.providerAccountId, identity.subject)))
      if (known && known.userId !== actor.userId) throw new AppError('provider.linked_elsewhere')
      if (!known) await connectIdentity(tx, { actor, userId: actor.userId, provider, identity })
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'accounts_provider_provider_account_id_index'))
        throw new AppError('provider.linked_elsewhere', { cause: error })
      throw error
    })
}

interface Link {
  actor: Actor
  userId: UserRow['id']
  provider: Provider
  identity: Identity
}

/** Connects an account that was there before, whose owner is told. */
export async function connectIdentity(tx: Executor, link: Link): Promise<void> {
  await insertLink(tx, link)
  const slots = { provider: link.provider.name, label: labelOf(link.identity) }
  await notifyPeople(tx, [{ userId: link.userId, isTold: true }], { kind: 'account.identity-linked', slots })
}

/** No token of the provider is kept: nothing is ever asked there again. */
export async function insertLink(tx: Executor, { actor, userId, provider, identity }: Link): Promise<void> {
  const label = labelOf(identity)
  await tx.insert(accounts).values({
    userId,
    type: 'oauth',
    provider: provider.id,
    providerId: provider.id,
    providerAccountId: identity.subject,
    accountId: identity.subject,
    label,
  })
  await recordActivity(tx, {
    actor,
    event: 'user:identity.link',
    target: { type: 'user', id: userId },
    properties: { provider: provider.id, name: provider.name, label },
  })
}

/** As it is kept and shown. */
export const labelOf = ({ label }: Identity): string => label.slice(0, 191)
