import type { Wire } from '#shared/contracts/envelope'
import type { account, profile } from '#shared/contracts/client/account'
import type { session } from '#shared/contracts/client/sessions'
import type { UserRow } from '#server/database/schema'
import { itemOf, stampOf } from '#server/serializers/envelope'
import type { ListedSession } from '#server/services/account/queries'

export function serializeAccount(user: UserRow): Wire<typeof account> {
  return itemOf('user', {
    id: Number(user.id),
    admin: user.rootAdmin,
    username: user.username,
    email: user.email,
    first_name: user.nameFirst ?? '',
    last_name: user.nameLast ?? '',
    language: user.language,
  })
}

export function serializeProfile({ user, hasPassword }: { user: UserRow; hasPassword: boolean }): Wire<typeof profile> {
  return itemOf('profile', {
    uuid: user.uuid,
    username: user.username,
    display_username: user.displayUsername ?? user.username,
    email: user.email,
    first_name: user.nameFirst ?? '',
    last_name: user.nameLast ?? '',
    language: user.language,
    time_zone: user.timeZone,
    is_managed_externally: user.isManagedExternally,
    has_password: hasPassword,
    password_changed_at: user.passwordChangedAt && stampOf(user.passwordChangedAt),
    two_factor_enabled: user.useTotp,
    created_at: stampOf(user.createdAt),
  })
}

export function serializeSession(row: ListedSession, currentId: string | null): Wire<typeof session> {
  return itemOf('session', {
    id: row.id,
    is_current: row.id === currentId,
    browser: row.browserName,
    system: row.osName,
    device: row.deviceName,
    ip: row.ip,
    first_seen_at: stampOf(row.firstSeenAt),
    last_seen_at: stampOf(row.lastSeenAt),
    expires_at: stampOf(row.expires),
  })
}
