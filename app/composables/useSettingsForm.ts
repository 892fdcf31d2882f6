import { isRootsOwn } from '#shared/contracts/settings'
import type { SecretName, SettingName, UpdateSettingsBody } from '#shared/contracts/application/settings'

export type SettingField = SettingName | `secrets.${SecretName}`
type Values = Record<string, unknown>

export interface SettingsForm {
  /** By name; a secret is empty while it stays, and null to clear it. */
  state: Values
  /** Why this one is not to be changed here, as a sentence. */
  lockOf: (name: SettingField) => string | undefined
  /** When a secret was set. */
  setAt: (name: SecretName) => string | null | undefined
}

const key: InjectionKey<SettingsForm> = Symbol('settings-form')

const isSecret = (name: string) => name.startsWith('secrets.')

function valueAt(settings: object, name: string): unknown {
  const [group = '', field = ''] = name.split('.')
  return (settings as Record<string, Values>)[group]?.[field]
}

function nested(flat: [name: string, value: unknown][]): Record<string, Values> {
  const groups: Record<string, Values> = {}
  for (const [name, value] of flat) {
    const [group = '', field = ''] = name.split('.')
    ;(groups[group] ??= {})[field] = value
  }
  return groups
}

/** What one tab holds against what the panel holds: only what was changed is sent. */
export function provideSettingsForm(names: readonly SettingField[]) {
  const { settings, update } = useSettingsPage()
  const { t } = useI18n()
  const { user } = useSession()

  function lockOf(name: SettingField): string | undefined {
    // The password goes with its mail server.
    const variable = settings.value.fixed[name === 'secrets.mail_password' ? 'mail.host' : (name as SettingName)]
    if (variable) return t('settings.fixed', { variable })
    const key = name === 'secrets.mail_password' ? 'mail.password' : name
    return isRootsOwn(key) && !user.value?.is_root_admin ? t('settings.rootsOwn') : undefined
  }
  const draft = useDraft<Values>(() =>
    Object.fromEntries(names.map((name) => [name, isSecret(name) ? '' : valueAt(settings.value, name)])),
  )

  const sent = (given: readonly string[]) =>
    nested(
      (given as readonly SettingField[])
        .filter((name) => !lockOf(name) && !(isSecret(name) && draft.state[name] === ''))
        .map((name) => [name, draft.state[name]]),
    ) as UpdateSettingsBody
  /** What is checked while it is typed. */
  const body = computed(() => sent(names))

  async function save(): Promise<boolean> {
    if (!(await update.submit(sent(draft.changed.value)))) return false
    for (const name of names.filter(isSecret)) draft.state[name] = ''
    draft.settle()
    return true
  }

  provide(key, {
    state: draft.state,
    lockOf,
    setAt: (name) => settings.value.secrets[name].set_at,
  })
  return { ...draft, body, save, update }
}

/** The form around a field. */
export function useSettingsForm(): SettingsForm {
  const form = inject(key)
  if (!form) throw new Error('There is no form of settings around this component.')
  return form
}
