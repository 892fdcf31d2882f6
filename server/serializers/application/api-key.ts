import type { applicationKey } from '#shared/contracts/application/api-keys'
import type { Wire } from '#shared/contracts/envelope'
import { attributesOf } from '#server/serializers/client/api-key'
import { itemOf, stampOf } from '#server/serializers/envelope'
import { carriedBy, type ListedKey } from '#server/services/api-keys/queries'

export const serializeApplicationKey = ({ key, owner }: ListedKey): Wire<typeof applicationKey> =>
  itemOf('api_key', {
    ...attributesOf(key),
    expires_at: key.expiresAt && stampOf(key.expiresAt),
    requests_per_minute: key.rateLimitEnabled ? key.rateLimitMax : null,
    state: stateOf(key),
    permissions: carriedBy(key) as Record<string, number>,
    owner: { id: Number(owner.id), username: owner.username, is_root_admin: owner.rootAdmin },
  })

function stateOf({ enabled, expiresAt }: ListedKey['key']) {
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return 'expired'
  return enabled ? 'active' : 'off'
}
