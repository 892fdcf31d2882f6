import type { IdentityView } from '#server/services/identity-providers/list-identities'
import type { Provider } from '#server/services/identity-providers/provider'
import type { identity, OfferedProvider } from '#shared/contracts/client/identities'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'

export const serializeOffered = ({ id, name, options }: Provider): OfferedProvider => ({
  id,
  name,
  icon: options.icon,
  color: options.color,
})

export function serializeIdentity({ account, provider }: IdentityView): Wire<typeof identity> {
  return itemOf('identity', {
    id: account.id,
    provider: serializeOffered(provider),
    is_enabled: provider.enabled,
    label: account.label,
    created_at: stampOf(account.createdAt ?? provider.createdAt),
  })
}
