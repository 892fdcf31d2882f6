import { preferences, type SessionState } from '#shared/contracts/client/session'
import type { Person } from '#server/auth/actor'
import type { UserRow } from '#server/database/schema'
import { preferencesOf } from '#server/services/account/update-preferences'

/** Who somebody is to the pages that he sees. */
export function serializeSignedInUser(user: UserRow, { isRootAdmin, grants }: Person): SessionState['user'] {
  const liked = preferences.safeParse(preferencesOf(user.preferences))
  return {
    uuid: user.uuid,
    username: user.displayUsername ?? user.username,
    email: user.email,
    first_name: user.nameFirst ?? '',
    last_name: user.nameLast ?? '',
    language: user.language,
    time_zone: user.timeZone,
    is_root_admin: isRootAdmin,
    grants,
    preferences: liked.success ? liked.data : {},
  }
}
