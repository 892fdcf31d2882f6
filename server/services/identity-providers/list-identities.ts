import { asc, eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { accounts, identityProviders, type AccountRow } from '#server/database/schema'
import { providerOf, type Provider } from './provider'
import { listOffered } from './queries'

export interface IdentityView {
  account: AccountRow
  provider: Provider
}

/** What a person is connected with, and what he could be. */
export async function listIdentities(userId: string): Promise<{ connected: IdentityView[]; available: Provider[] }> {
  const [rows, offered] = await Promise.all([
    useDrizzle()
      .select({ account: accounts, row: identityProviders })
      .from(accounts)
      .innerJoin(identityProviders, eq(identityProviders.id, accounts.provider))
      .where(eq(accounts.userId, userId))
      .orderBy(asc(identityProviders.position), asc(accounts.id))
      .limit(100),
    listOffered(),
  ])
  const connected = rows.map(({ account, row }) => ({ account, provider: providerOf(row) }))
  const taken = new Set(connected.map(({ provider }) => provider.id))
  return { connected, available: offered.filter(({ id }) => !taken.has(id)) }
}
