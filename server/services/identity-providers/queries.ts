import { and, asc, eq, sql } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { accounts, identityProviders, roles } from '#server/database/schema'
import { AppError } from '#server/errors'
import { providerOf, type Provider } from './provider'

/** A provider, and how many accounts are connected with it. */
export interface ProviderView {
  provider: Provider
  accounts: number
}

const accountsOf = sql<number>`(
  select count(*)::int from ${accounts} a where a.provider = ${identityProviders}.id
)`

const views = (executor: Executor) =>
  executor.select({ row: identityProviders, accounts: accountsOf }).from(identityProviders)

const viewOf = ({ row, accounts: count }: Awaited<ReturnType<typeof views>>[number]): ProviderView => ({
  provider: providerOf(row),
  accounts: count,
})

const inOrder = [asc(identityProviders.position), asc(identityProviders.id)]

/** In the order of the sign-in page. A handful, so unpaged. */
export async function listProviders(): Promise<ProviderView[]> {
  return (
    await views(useDrizzle())
      .orderBy(...inOrder)
      .limit(100)
  ).map(viewOf)
}

/** Roles that a claim may stand for. */
export const listMappableRoles = (): Promise<{ id: string; name: string }[]> =>
  useDrizzle().select({ id: roles.id, name: roles.name }).from(roles).orderBy(asc(roles.name)).limit(500)

/** @throws {AppError} `resource.not_found` */
export async function getProviderView(id: string, executor: Executor = useDrizzle()): Promise<ProviderView> {
  const [found] = await views(executor).where(eq(identityProviders.id, id))
  if (!found) throw new AppError('resource.not_found')
  return viewOf(found)
}

/** What the sign-in page offers. */
export async function listOffered(): Promise<Provider[]> {
  const rows = await useDrizzle()
    .select()
    .from(identityProviders)
    .where(eq(identityProviders.enabled, true))
    .orderBy(...inOrder)
    .limit(100)
  return rows.map(providerOf)
}

/** @throws {AppError} `provider.unknown`: also for one that is switched off */
export async function getOffered(id: string): Promise<Provider> {
  const [row] = await useDrizzle()
    .select()
    .from(identityProviders)
    .where(and(eq(identityProviders.id, id), eq(identityProviders.enabled, true)))
  if (!row) throw new AppError('provider.unknown')
  return providerOf(row)
}
