import { z } from 'zod'
import { preferences, type Preferences, type SessionState } from '#shared/contracts/client/session'
import { imageAddress } from '#shared/utils/image-address'
import type { Person } from '#server/auth/actor'
import { userPreferences } from '#server/database/json'
import type { UserRow } from '#server/database/schema'

/** Who somebody is to the pages that he sees. */
export function serializeSignedInUser(user: UserRow, { isRootAdmin, grants }: Person): SessionState['user'] {
  return {
    uuid: user.uuid,
    username: user.displayUsername ?? user.username,
    email: user.email,
    avatar: imageAddress(user.image),
    first_name: user.nameFirst ?? '',
    last_name: user.nameLast ?? '',
    language: user.language,
    time_zone: user.timeZone,
    is_root_admin: isRootAdmin,
    grants,
    preferences: likedBy(user),
  }
}

/** What an import brought or an older release wrote may not fit any more: then the defaults count. */
function likedBy({ preferences: text }: UserRow): Preferences {
  const stored = z.safeDecode(userPreferences, text ?? '{}')
  return preferences.safeParse(stored.data).data ?? {}
}
