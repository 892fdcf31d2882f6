import { z } from 'zod'

/**
 * Every setting with its default. A row of `settings` is one of these under `group.name`; what has no row has its
 * default. Secrets are apart: they rest in the sealed column and are never part of what is read here.
 */
export const settingsSchema = z.object({
  panel: z
    .object({
      name: z.string().min(1).max(60).default('XyraPanel'),
      /** The origin under which people reach the panel; empty until it was set up. */
      address: z.string().default(''),
      locale: z.string().default('en'),
      zone: z.string().default('UTC'),
      /** ISO; empty: nobody was set up yet. */
      setUpAt: z.string().default(''),
    })
    .prefault({}),
  signIn: z
    .object({
      /** Who must have a second factor: 0 nobody, 1 administrators, 2 everybody. */
      twoFactorLevel: z.int().min(0).max(2).default(0),
    })
    .prefault({}),
  mail: z
    .object({
      /** Empty: no mail is sent, and links are shown to the administrator instead. */
      host: z.string().default(''),
      port: z.int().min(1).max(65_535).default(587),
      encryption: z.enum(['none', 'starttls', 'tls']).default('starttls'),
      username: z.string().default(''),
      fromAddress: z.string().default(''),
      fromName: z.string().default(''),
    })
    .prefault({}),
  limits: z
    .object({
      /** Requests a minute and user. */
      clientPerMinute: z.int().min(1).default(720),
      applicationPerMinute: z.int().min(1).default(240),
      /** The largest file that is opened in the editor, MiB. */
      editorMib: z.int().min(1).max(64).default(4),
    })
    .prefault({}),
  backups: z
    .object({
      /** How many a server may make within so many seconds, deleted ones among them. 0: any number. */
      throttleLimit: z.int().min(0).default(2),
      throttleSeconds: z.int().min(1).max(86_400).default(600),
      /** One that was not reported for so long has failed. 0: never. */
      expireMinutes: z.int().min(0).default(360),
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
      activityDays: z.int().min(0).default(90),
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

/** Sealed, and written but never read out. */
export const SECRET_SETTINGS = ['mail.password', 'hashids.salt'] as const
export type SecretSetting = (typeof SECRET_SETTINGS)[number]

type Leaf<Group extends keyof Settings> = {
  [Name in keyof Settings[Group]]: { key: `${Group & string}.${Name & string}`; value: Settings[Group][Name] }
}[keyof Settings[Group]]
type AnyLeaf = { [Group in keyof Settings]: Leaf<Group> }[keyof Settings]

/** `{ 'panel.name': 'Kestrel' }`: what a change of settings may carry. */
export type SettingsChange = { [Key in AnyLeaf['key']]?: Extract<AnyLeaf, { key: Key }>['value'] }
