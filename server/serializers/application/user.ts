import { imageAddress } from '#shared/utils/image-address'
import type { Wire } from '#shared/contracts/envelope'
import type { user, userSession, userSshKey, userStanding } from '#shared/contracts/application/users'
import type { SshKeyRow } from '#server/database/schema'
import { itemOf, stampOf } from '#server/serializers/envelope'
import { serializeSession } from '#server/serializers/client/account'
import type { ListedSession } from '#server/services/account/queries'
import type { ListedOwner } from '#server/services/servers/read-belongings'
import type { ListedUser, Standing } from '#server/services/users/queries'

type Relationships = NonNullable<Wire<typeof user>['attributes']['relationships']>

export function serializeUser(row: ListedOwner, relationships?: Relationships): Wire<typeof user> {
  return itemOf('user', {
    id: Number(row.id),
    external_id: row.externalId,
    uuid: row.uuid,
    username: row.username,
    email: row.email,
    first_name: row.nameFirst ?? '',
    last_name: row.nameLast ?? '',
    language: row.language,
    root_admin: row.rootAdmin,
    '2fa': row.useTotp,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
    '2fa_enabled': row.useTotp,
    is_managed_externally: row.isManagedExternally,
    timezone: row.timeZone,
    ...(relationships && { relationships }),
  })
}

export function serializeStanding(row: ListedUser, { serverCount, hasPassword }: Standing): Wire<typeof userStanding> {
  return itemOf('user_standing', {
    is_suspended: row.suspended,
    suspended_at: row.suspendedAt && stampOf(row.suspendedAt),
    suspension_reason: row.suspensionReason,
    suspended_until: row.banExpires && stampOf(row.banExpires),
    must_change_password: row.passwordResetRequired,
    has_password: hasPassword,
    is_administrator: row.role === 'admin',
    avatar: imageAddress(row.image),
    is_managed_externally: row.isManagedExternally,
    time_zone: row.timeZone,
    server_count: serverCount,
    last_seen_at: row.lastSeenAt && stampOf(row.lastSeenAt),
  })
}

/** Where somebody is, is for whoever may see addresses. */
export function serializeManagedSession(row: ListedSession, showsAddress: boolean): Wire<typeof userSession> {
  const { is_current: _, ...attributes } = serializeSession(row, { showsAddress }).attributes
  return itemOf('session', { ...attributes, impersonator: row.impersonator })
}

export const serializeUserSshKey = ({ name, fingerprint, algorithm, createdAt }: SshKeyRow): Wire<typeof userSshKey> =>
  itemOf('ssh_key', { name, fingerprint, algorithm, created_at: stampOf(createdAt) })
