import type { Wire } from '#shared/contracts/envelope'
import type { account, profile } from '#shared/contracts/client/account'
import type { passkey } from '#shared/contracts/client/passkeys'
import type { session } from '#shared/contracts/client/sessions'
import type { recoveryTokens } from '#shared/contracts/client/two-factor'
import type { trustedBrowser } from '#shared/contracts/client/trusted-browsers'
import type { PasskeyRow, TrustedDeviceRow, UserRow } from '#server/database/schema'
import { imageAddress } from '#shared/utils/image-address'
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

interface DescribedAccount {
  user: UserRow
  hasPassword: boolean
  recoveryCodesLeft: number
  /** The address that is to be, once its link is followed. */
  waitingEmail: string | null
}

export function serializeProfile({
  user,
  hasPassword,
  recoveryCodesLeft,
  waitingEmail,
}: DescribedAccount): Wire<typeof profile> {
  return itemOf('profile', {
    uuid: user.uuid,
    username: user.username,
    display_username: user.displayUsername ?? user.username,
    email: user.email,
    waiting_email: waitingEmail,
    avatar: imageAddress(user.image),
    first_name: user.nameFirst ?? '',
    last_name: user.nameLast ?? '',
    language: user.language,
    time_zone: user.timeZone,
    is_managed_externally: user.isManagedExternally,
    has_password: hasPassword,
    password_changed_at: user.passwordChangedAt && stampOf(user.passwordChangedAt),
    two_factor_enabled: user.useTotp,
    recovery_codes_left: recoveryCodesLeft,
    created_at: stampOf(user.createdAt),
  })
}

/** Where somebody was is not for whoever only acts as him. */
interface Shown {
  showsAddress: boolean
}

export function serializeSession(
  row: ListedSession,
  { showsAddress, currentId = null }: Shown & { currentId?: string | null },
): Wire<typeof session> {
  return itemOf('session', {
    id: row.id,
    is_current: row.id === currentId,
    browser: row.browserName,
    system: row.osName,
    device: row.deviceName,
    ip: showsAddress ? row.ip : null,
    first_seen_at: stampOf(row.firstSeenAt),
    last_seen_at: stampOf(row.lastSeenAt),
    expires_at: stampOf(row.expires),
  })
}

export function serializeTrustedBrowser(row: TrustedDeviceRow, { showsAddress }: Shown): Wire<typeof trustedBrowser> {
  return itemOf('trusted_browser', {
    id: row.id,
    name: row.deviceName,
    ip: showsAddress ? row.ip : null,
    created_at: stampOf(row.createdAt),
    last_used_at: row.lastUsedAt && stampOf(row.lastUsedAt),
    expires_at: stampOf(row.expiresAt),
  })
}

export const serializeRecoveryTokens = (tokens: string[]): Wire<typeof recoveryTokens> =>
  itemOf('recovery_tokens', { tokens })

export function serializePasskey(row: PasskeyRow): Wire<typeof passkey> {
  return itemOf('passkey', {
    id: row.id,
    // An import may bring some without.
    name: row.name ?? 'Passkey',
    is_synced: row.backedUp,
    created_at: row.createdAt && stampOf(row.createdAt),
    last_used_at: row.lastUsedAt && stampOf(row.lastUsedAt),
  })
}
