import type { UpdateSettingsBody } from '#shared/contracts/application/settings'
import { checkFields } from '../check-fields.ts'
import { UsageError } from '../explain.ts'
import { definePanelCommand } from '../panel-command.ts'
import { readSecret } from '../read-secret.ts'

interface Shown {
  name: string
  /** Of a secret null: only whether it is set is known. */
  value: unknown
  /** The variable of the environment that decides it. */
  fixed: string | null
}

export default definePanelCommand({
  name: 'settings',
  description: 'Read the settings, or one of them, or change one; in effect at once, in a running panel too',
  args: {
    act: { type: 'positional', required: true, description: 'get or set' },
    name: { type: 'positional', required: false, description: 'Such as panel.name; left out, get shows all' },
    value: {
      type: 'positional',
      required: false,
      description: 'What to set it to; - reads it from standard input. A secret is cleared by ""',
    },
  },
  async check({ act, name, value }) {
    if (act !== 'get' && act !== 'set') throw new UsageError('Say settings get, or settings set.')
    if (name !== undefined && !(await namesOfSettings()).includes(name))
      throw new UsageError(`There is no setting ${name}. xyra settings get names them.`)
    if (act === 'get') return { name, asked: null }
    if (name === undefined || value === undefined) throw new UsageError('Say settings set, a name and a value.')
    return { name, asked: await askedOf(name, value === '-' ? ((await readSecret('-')) ?? '') : value) }
  },
  async work({ name, asked }) {
    const [{ describeSettings }, { updateSettings }, { SYSTEM }] = await Promise.all([
      import('#server/services/settings/describe-settings'),
      import('#server/services/settings/update-settings'),
      import('#server/auth/actor'),
    ])
    const view = asked ? await updateSettings({ actor: SYSTEM, asked }) : await describeSettings()
    const { SETTING_FIELDS, TYPED_SECRETS } = await import('#shared/contracts/settings')
    const { snakeCaseOf } = await import('#shared/utils/snake-case')
    const groups = view.settings as unknown as Record<string, Record<string, unknown>>
    const shown: Shown[] = [
      ...SETTING_FIELDS.map(({ key }) => {
        const [group = '', field = ''] = key.split('.')
        return { name: snakeCaseOf(key), value: groups[group]?.[field], fixed: view.fixed[key] ?? null }
      }),
      ...TYPED_SECRETS.map((key) => ({
        name: snakeCaseOf(key),
        value: view.secrets[key] === undefined ? null : 'set',
        fixed: null,
      })),
    ]
    const names = name === undefined ? await namesOfSettings() : [name]
    return shown.filter((one) => names.includes(one.name))
  },
  tell: (shown) => Object.fromEntries(shown.map(({ name, value }) => [name, value])),
  say: (shown) =>
    shown.map(({ name, value, fixed }) => `${name}\t${textOf(value)}${fixed ? `\t(${fixed})` : ''}`).join('\n'),
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

async function namesOfSettings(): Promise<string[]> {
  const [{ OWN_SETTINGS, SETTING_FIELDS, TYPED_SECRETS }, { snakeCaseOf }] = await Promise.all([
    import('#shared/contracts/settings'),
    import('#shared/utils/snake-case'),
  ])
  const own: readonly string[] = OWN_SETTINGS
  const keys = [...SETTING_FIELDS.map(({ key }) => key).filter((key) => !own.includes(key)), ...TYPED_SECRETS]
  return keys.map((key) => snakeCaseOf(key))
}

/** What the form of the administration would send: a text, as it stands. */
async function askedOf(name: string, value: string): Promise<UpdateSettingsBody> {
  const [{ TYPED_SECRETS }, { snakeCaseOf }, { updateSettingsBody }] = await Promise.all([
    import('#shared/contracts/settings'),
    import('#shared/utils/snake-case'),
    import('#shared/contracts/application/settings'),
  ])
  if (TYPED_SECRETS.some((key) => snakeCaseOf(key) === name))
    return checkFields(updateSettingsBody, { secrets: { [name.replace('.', '_')]: value === '' ? null : value } })

  const [group = '', field = ''] = name.split('.')
  return checkFields(updateSettingsBody, { [group]: { [field]: value } }, { [group]: '' })
}
