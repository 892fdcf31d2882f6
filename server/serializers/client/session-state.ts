import { z } from 'zod'
import { imageAddress } from '#shared/utils/image-address'
import { PANEL_LINKS, preferences, type Preferences, type SessionState } from '#shared/contracts/client/session'
import type { Person } from '#server/auth/actor'
import { userPreferences } from '#server/database/json'
import type { UserRow } from '#server/database/schema'
import type { Settings } from '#shared/contracts/settings'

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

/** What every page shows of the panel itself, also to strangers. */
export function serializePanel(
  { panel, maintenance }: Settings,
  { version, isSetUp }: { version: string; isSetUp: boolean },
): SessionState['panel'] {
  const { name, locale: language, palette } = panel
  const links = PANEL_LINKS.map((kind) => ({ kind, url: panel[`${kind}Url`] })).filter(({ url }) => url !== '')
  return {
    name,
    version,
    language,
    is_set_up: isSetUp,
    palette,
    logo: imageAddress(panel.logo || null),
    favicon: imageAddress(panel.favicon || null),
    links,
    maintenance: maintenance.isOn ? { text: maintenance.text } : null,
  }
}
