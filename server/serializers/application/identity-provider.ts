import type { ProviderView } from '#server/services/identity-providers/queries'
import type { identityProvider } from '#shared/contracts/application/identity-providers'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

type Attributes = Wire<typeof identityProvider>['attributes']

/** Of the secret only when it was set. */
export function serializeIdentityProvider(
  { provider, accounts }: ProviderView,
  url: URL,
): Wire<typeof identityProvider> {
  const { options } = provider
  return itemOf('identity_provider', {
    id: provider.id,
    kind: provider.kind,
    name: provider.name,
    enabled: provider.enabled,
    client_id: provider.clientId,
    secret_set_at: stampOf(options.secretSetAt ?? provider.createdAt),
    issuer: options.issuer,
    host: options.host,
    scopes: options.scopes,
    roles_claim: options.rolesClaim,
    roles: Object.fromEntries(Object.entries(options.roles).map(([value, role]) => [value, Number(role)])),
    creates_users: provider.createsUsers,
    links_users: provider.linksUsers,
    assures_second_factor: options.assuresSecondFactor,
    on_own_network: options.onOwnNetwork,
    icon: options.icon as Attributes['icon'],
    color: options.color,
    position: provider.position,
    accounts_count: accounts,
    callback_url: `${url.origin}/auth/callback/${provider.id}`,
    updated_at: stampOf(provider.updatedAt),
    created_at: stampOf(provider.createdAt),
  })
}
