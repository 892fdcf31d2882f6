import type { panelSettings } from '#shared/contracts/application/settings'
import type { Wire } from '#shared/contracts/envelope'
import { groupedBy, OWN_SETTINGS, SETTING_FIELDS, TYPED_SECRETS, type Settings } from '#shared/contracts/settings'
import { imageAddress } from '#shared/utils/image-address'
import { snakeCaseOf } from '#shared/utils/snake-case'
import { itemOf, stampOf } from '../envelope'

interface View {
  settings: Settings
  secrets: Partial<Record<string, string>>
  fixed: Partial<Record<string, string>>
}

/** Of a secret only when it was set. */
export function serializeSettings({ settings, secrets, fixed }: View): Wire<typeof panelSettings> {
  const own: readonly string[] = OWN_SETTINGS
  const groups = settings as unknown as Record<string, Record<string, unknown>>
  const values = SETTING_FIELDS.filter(({ key }) => !own.includes(key)).map(({ key }) => {
    const [group = '', name = ''] = key.split('.')
    return [snakeCaseOf(key), groups[group]?.[name]] as const
  })
  const states = TYPED_SECRETS.map((key) => {
    const setAt = secrets[key]
    return [snakeCaseOf(key).replace('.', '_'), { is_set: setAt !== undefined, set_at: setAt ? stampOf(setAt) : null }]
  })
  return itemOf('settings', {
    ...groupedBy(values),
    secrets: Object.fromEntries(states),
    images: {
      logo: imageAddress(settings.panel.logo || null),
      favicon: imageAddress(settings.panel.favicon || null),
    },
    fixed: Object.fromEntries(Object.entries(fixed).map(([key, variable]) => [snakeCaseOf(key), variable])),
  }) as unknown as Wire<typeof panelSettings>
}
