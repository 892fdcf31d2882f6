import { z } from 'zod'
import { PALETTES } from '#shared/palettes'
import { LANGUAGES } from '#shared/utils/languages'
import { isTimeZone } from '#shared/utils/time-zones'

const text = (max: number) => z.string().max(max)

/** Empty, or the form of it. */
const orEmpty = (isFit: (text: string) => boolean, rule: string, error: string) =>
  z
    .string()
    .max(255)
    .refine((given) => given === '' || isFit(given), { error, params: { rule }, abort: true })

const isOrigin = (given: string) => /^https?:\/\/[^/?#@\s]+\/?$/i.test(given) && URL.canParse(given)
const isWebAddress = (given: string) => /^(https?:\/\/|mailto:)\S+$/i.test(given) && URL.canParse(given)
const originsIn = (given: string) => given.split(/[\s,]+/).filter(Boolean)
const isMailAddress = (given: string) => z.regexes.html5Email.test(given)

/**
 * Every setting with its default, for all of the panel: a key that is added here is stored, read and written by the API,
 * and known to the form. A row of `settings` is one of these under `group.name`; what has no row has its default. On the
 * wire names are in snake case. Secrets are apart: they rest in the sealed column and are never part of what is read here.
 */
export const settingsSchema = z.object({
  panel: z
    .object({
      name: text(60).min(1).default('XyraPanel'),
      /** The origin under which people reach the panel; empty until it was set up. */
      address: orEmpty(isOrigin, 'url', 'The address must be a web address without a path.')
        .overwrite((given) => (given === '' ? given : new URL(given).origin))
        .default(''),
      /** Of mails to nobody in particular, and of whoever gets an account without saying more. */
      locale: z.enum(LANGUAGES).default('en'),
      zone: text(64)
        .refine(isTimeZone, { error: 'The time zone must be a valid zone.', params: { rule: 'timezone' } })
        .default('UTC'),
      palette: z.enum(PALETTES).default('iris'),
      /** Ids of images, or empty. */
      logo: z.string().default(''),
      favicon: z.string().default(''),
      /** Pages of the operator, shown at the foot of the sign-in; empty: none. */
      supportUrl: orEmpty(isWebAddress, 'url', 'The support url must be a web address.').default(''),
      termsUrl: orEmpty(isWebAddress, 'url', 'The terms url must be a web address.').default(''),
      privacyUrl: orEmpty(isWebAddress, 'url', 'The privacy url must be a web address.').default(''),
      imprintUrl: orEmpty(isWebAddress, 'url', 'The imprint url must be a web address.').default(''),
      /** ISO; empty: nobody was set up yet. */
      setUpAt: z.string().default(''),
    })
    .prefault({}),
  maintenance: z
    .object({
      /** Everybody but administrators sees one page, and is answered 503. */
      isOn: z.boolean().default(false),
      /** For that page. */
      text: text(2000).default(''),
    })
    .prefault({}),
  signIn: z
    .object({
      /** Who must have a second factor: 0 nobody, 1 administrators, 2 everybody. */
      twoFactorLevel: z.int().min(0).max(2).default(0),
      /** Without being used for so long a session ends. */
      sessionDays: z.int().min(1).max(365).default(7),
      /** How often one name is tried from one address within so many seconds, before it has to wait. */
      tries: z.int().min(2).max(100).default(5),
      windowSeconds: z.int().min(10).max(86_400).default(60),
      /** Whether a name and a password let somebody in. */
      passwordSignIn: z.boolean().default(true),
      /** Whether strangers make accounts by themselves; only where mail is sent. */
      registration: z.boolean().default(false),
      /** Where browsers have to work before they are heard: forms whenever it is on, the sign-in always or after failures. */
      captcha: z.enum(['off', 'after_failures', 'always']).default('off'),
    })
    .prefault({}),
  mail: z
    .object({
      /** Empty: no mail is sent, and links are shown to the administrator instead. */
      host: orEmpty((given) => /^[\w.:-]+$/.test(given), 'regex', 'The host must be a name or an address.').default(''),
      port: z.int().min(1).max(65_535).default(587),
      encryption: z.enum(['none', 'starttls', 'tls']).default('starttls'),
      username: text(191).default(''),
      fromAddress: orEmpty(isMailAddress, 'email', 'The from address must be a valid email address.').default(''),
      /** Empty: the panel's name. */
      fromName: orEmpty((given) => !/[\r\n<>"]/.test(given), 'regex', 'The from name format is invalid.').default(''),
    })
    .prefault({}),
  /** Which mails are sent at all; what somebody asked for himself, or cannot sign in without, always is. */
  notifications: z
    .object({
      accountCreated: z.boolean().default(true),
      serverAdded: z.boolean().default(true),
      serverRemoved: z.boolean().default(true),
      serverInstalled: z.boolean().default(true),
      serverReinstalled: z.boolean().default(true),
    })
    .prefault({}),
  limits: z
    .object({
      /** Requests a minute and user. */
      clientPerMinute: z.int().min(1).max(1_000_000).default(720),
      applicationPerMinute: z.int().min(1).max(1_000_000).default(240),
      /** Keys of one account. */
      keysPerAccount: z.int().min(0).max(1000).default(25),
      /** Tokens for the console of one server, a minute and person. */
      socketsPerMinute: z.int().min(1).max(1000).default(30),
      /** Addresses that one person has fetched from, in five minutes. */
      pullsPerFiveMinutes: z.int().min(1).max(1000).default(10),
      /** The largest file that is opened in the editor, MiB. */
      editorMib: z.int().min(1).max(64).default(4),
    })
    .prefault({}),
  allocations: z
    .object({
      /** Whether people add allocations to their servers by themselves, within each server's limit. */
      selfService: z.boolean().default(false),
      /** Whether a port that nobody has created yet is, where none is free. */
      createsNew: z.boolean().default(true),
      /** Where such ports are taken from. */
      rangeStart: z.int().min(1024).max(65_535).default(30_000),
      rangeEnd: z.int().min(1024).max(65_535).default(32_767),
    })
    .prefault({}),
  backups: z
    .object({
      /** How many a server may make within so many seconds, deleted ones among them. 0: any number. */
      throttleLimit: z.int().min(0).max(1000).default(2),
      throttleSeconds: z.int().min(1).max(86_400).default(600),
      /** One that was not reported for so long has failed. 0: never. */
      expireMinutes: z.int().min(0).max(43_200).default(360),
    })
    .prefault({}),
  databases: z
    .object({
      /** Whether databases are made at all, by administrators either. */
      isOn: z.boolean().default(true),
      /** Where a server's node has no database host of its own, any other is taken. */
      allowsRandomHost: z.boolean().default(true),
    })
    .prefault({}),
  schedules: z
    .object({
      /** Of one schedule. */
      tasksPerSchedule: z.int().min(1).max(100).default(10),
    })
    .prefault({}),
  eggs: z
    .object({
      /** Whether eggs are fetched from addresses on the panel's own network, too. */
      allowsPrivateAddresses: z.boolean().default(false),
    })
    .prefault({}),
  retention: z
    .object({
      /** 0: kept for ever. */
      activityDays: z.int().min(0).max(3650).default(90),
      /** Of finished runs of schedules; the newest of each stay. 0: kept for ever. */
      scheduleRunDays: z.int().min(0).max(3650).default(30),
    })
    .prefault({}),
  api: z
    .object({
      /** Origins whose pages may call the API from a browser, one a line; commas do as well. */
      corsOrigins: text(2000)
        .refine((given) => originsIn(given).every(isOrigin), {
          error: 'The cors origins must be web addresses without a path.',
          params: { rule: 'url' },
          abort: true,
        })
        .overwrite((given) => [...new Set(originsIn(given).map((one) => new URL(one).origin))].join('\n'))
        .default(''),
    })
    .prefault({}),
  activity: z
    .object({
      /** Leaves the acts of administrators out of a server's log. */
      hidesAdministrators: z.boolean().default(false),
    })
    .prefault({}),
})

export type Settings = z.output<typeof settingsSchema>

/** What is not written as it stands: the panel's own, and what is uploaded. */
export const OWN_SETTINGS = ['panel.setUpAt', 'panel.logo', 'panel.favicon'] as const

/** What an administrator types: written, replaced or cleared, and never read out. */
export const TYPED_SECRETS = ['mail.password'] as const
export type TypedSecret = (typeof TYPED_SECRETS)[number]

/** All that is sealed. */
export type SecretSetting = TypedSecret | 'hashids.salt'

/**
 * What only a root administrator changes: under which address links lead and nodes find the panel, who carries mails, and
 * whose pages read what a browser is let see. Each of them opens an account, root's own among them, to whoever sets it.
 */
const ROOTS_OWN: readonly string[] = [
  'panel.address',
  'mail.host',
  'mail.port',
  'mail.encryption',
  'mail.username',
  'mail.password',
  'api.corsOrigins',
] satisfies (SettingKey | TypedSecret)[]
export const isRootsOwn = (key: string): boolean => ROOTS_OWN.includes(key)

type Leaf<Group extends keyof Settings> = {
  [Name in keyof Settings[Group]]: { key: `${Group & string}.${Name & string}`; value: Settings[Group][Name] }
}[keyof Settings[Group]]
type AnyLeaf = { [Group in keyof Settings]: Leaf<Group> }[keyof Settings]
export type SettingKey = AnyLeaf['key']

/** `{ 'panel.name': 'Kestrel' }`: what a change of settings may carry. */
export type SettingsChange = { [Key in SettingKey]?: Extract<AnyLeaf, { key: Key }>['value'] }

/** Each setting by itself. */
export const SETTING_FIELDS = Object.entries(settingsSchema.shape).flatMap(([group, { def }]) =>
  Object.entries(def.innerType.shape).map(([name, field]) => ({
    key: `${group}.${name}` as SettingKey,
    schema: (field as z.ZodDefault).unwrap() as z.ZodType,
    usual: (field as z.ZodDefault).def.defaultValue as unknown,
  })),
)

/** `{ 'panel.name': 'Kestrel' }` → `{ panel: { name: 'Kestrel' } }`. */
export function groupedBy(
  flat: Iterable<readonly [key: string, value: unknown]>,
): Record<string, Record<string, unknown>> {
  const groups: Record<string, Record<string, unknown>> = {}
  for (const [key, value] of flat) {
    const [group = '', name = ''] = key.split('.')
    ;(groups[group] ??= {})[name] = value
  }
  return groups
}
