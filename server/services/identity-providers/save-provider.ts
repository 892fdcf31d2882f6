import { eq, inArray, max } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { accounts, identityProviders, roles } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type {
  CreateIdentityProviderBody,
  UpdateIdentityProviderBody,
} from '#shared/contracts/application/identity-providers'
import { keepWayIn } from './keep-way-in'
import { placeOf, providerOf, type Provider, type ProviderOptions } from './provider'
import { encodeOptions, optionsOf } from './provider-columns'
import { getProviderView, type ProviderView } from './queries'

/** @throws {AppError} `request.invalid`, `provider.roles_forbidden` */
export function createProvider({
  actor,
  asked,
}: {
  actor: Actor
  asked: CreateIdentityProviderBody
}): Promise<ProviderView> {
  const { id, kind, name, enabled, client_id: clientId, client_secret: clientSecret } = asked
  const options = optionsOf({ kind, asked })
  return useDrizzle()
    .transaction(async (tx) => {
      await judgeRoles(tx, actor, options)
      const [last] = await tx.select({ at: max(identityProviders.position) }).from(identityProviders)
      await tx.insert(identityProviders).values({
        id,
        kind,
        name,
        enabled,
        clientId,
        clientSecret: clientSecret ?? '',
        options: encodeOptions(options),
        createsUsers: asked.creates_users,
        linksUsers: asked.links_users,
        position: (last?.at ?? -1) + 1,
      })
      // Accounts of one that was deleted are gone with it; of a row that was removed by hand they may be left.
      await tx.delete(accounts).where(eq(accounts.provider, id))
      const view = await getProviderView(id, tx)
      await record(tx, actor, 'admin:identity-provider.create', id, { after: told(view.provider) })
      return view
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'identity_providers_pkey'))
        throw refusedField('id', 'unique', 'The id has already been taken.')
      throw error
    })
}

/**
 * What is left out stays. Where it is found is fixed as soon as somebody is connected: at another address the same names
 * belong to others.
 *
 * @throws {AppError} `request.invalid`, `provider.roles_forbidden`, `provider.issuer_fixed`, `sign_in.password_needed`
 */
export async function updateProvider({
  actor,
  id,
  asked,
}: {
  actor: Actor
  id: string
  asked: UpdateIdentityProviderBody
}): Promise<ProviderView> {
  return useDrizzle().transaction(async (tx) => {
    const [row] = await tx.select().from(identityProviders).where(eq(identityProviders.id, id)).for('update')
    if (!row) throw new AppError('resource.not_found')
    const before = providerOf(row)
    const options = optionsOf({ kind: before.kind, asked, before: before.options })
    await judgeRoles(tx, actor, options, before.options)
    const isMoved = placeOf({ ...before, options }) !== placeOf(before)
    if (isMoved && (await tx.$count(accounts, eq(accounts.provider, id))) > 0)
      throw new AppError('provider.issuer_fixed')

    await tx
      .update(identityProviders)
      .set({
        options: encodeOptions(options),
        ...(asked.name !== undefined && { name: asked.name }),
        ...(asked.enabled !== undefined && { enabled: asked.enabled }),
        ...(asked.client_id !== undefined && { clientId: asked.client_id }),
        ...(asked.client_secret && { clientSecret: asked.client_secret }),
        ...(asked.creates_users !== undefined && { createsUsers: asked.creates_users }),
        ...(asked.links_users !== undefined && { linksUsers: asked.links_users }),
      })
      .where(eq(identityProviders.id, id))

    if (before.enabled && asked.enabled === false) await keepWayIn(tx)
    const view = await getProviderView(id, tx)
    await record(tx, actor, 'admin:identity-provider.update', id, {
      ...differences(told(before), told(view.provider)),
      secret_replaced: Boolean(asked.client_secret),
    })
    return view
  })
}

/** Roles that a provider hands out are rights that somebody gives: by the settings alone nobody may. */
async function judgeRoles(tx: Executor, actor: Actor, after: ProviderOptions, before?: ProviderOptions): Promise<void> {
  const mapOf = (options?: ProviderOptions) =>
    JSON.stringify([
      options?.rolesClaim ?? null,
      Object.entries(options?.roles ?? {}).sort(([one], [other]) => one.localeCompare(other)),
    ])
  if (mapOf(after) === mapOf(before)) return
  if (!actor.isRootAdmin) throw new AppError('provider.roles_forbidden')

  const wanted = [...new Set(Object.values(after.roles))]
  const known = wanted.length > 0 ? await tx.select({ id: roles.id }).from(roles).where(inArray(roles.id, wanted)) : []
  if (known.length < wanted.length) throw refusedField('roles', 'exists', 'The selected roles is invalid.')
}

/** What is written down of one: all but its secret. */
export const told = (provider: Provider): Record<string, unknown> => {
  const { id, kind, name, enabled, clientId, createsUsers, linksUsers, options } = provider
  const { secretSetAt: _, ...rest } = options
  return { id, kind, name, enabled, clientId, createsUsers, linksUsers, ...rest }
}

function differences(before: Record<string, unknown>, after: Record<string, unknown>) {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  const of = (all: Record<string, unknown>) => Object.fromEntries(changed.map((key) => [key, all[key]]))
  return { before: of(before), after: of(after) }
}

async function record(
  tx: Executor,
  actor: Actor,
  event: 'admin:identity-provider.create' | 'admin:identity-provider.update',
  id: string,
  properties: Record<string, unknown>,
): Promise<void> {
  await recordActivity(tx, { actor, event, target: { type: 'identity_provider', id }, properties })
  await notify(tx, 'administration', { what: 'identity_providers' })
}
