import { z } from 'zod'
import { snakeCaseOf, type SnakeCase } from '#shared/utils/snake-case'
import { endpoint } from '../endpoint'
import { item, type Plain } from '../envelope'
import { asFlag, asNumber, stamp } from '../fields'
import { emailField } from '../person-fields'
import { groupedBy, OWN_SETTINGS, SETTING_FIELDS, type SettingKey, type Settings, type TypedSecret } from '../settings'

/*
 * Everything here follows from the one list in `contracts/settings.ts`: a setting that is added there is read, written and
 * checked here.
 */

export const BRAND_IMAGES = ['logo', 'favicon'] as const
export type BrandImage = (typeof BRAND_IMAGES)[number]

type Own = (typeof OWN_SETTINGS)[number]
type Shown = Exclude<SettingKey, Own>

/** `panel.name`, `sign_in.two_factor_level`: what the wire calls a setting. */
export type SettingName = SnakeCase<Shown>
export type SecretName = TypedSecret extends `${infer Group}.${infer Name}` ? `${Group}_${SnakeCase<Name>}` : never

type Values = {
  [Group in keyof Settings as SnakeCase<Group>]: {
    [
      Name in keyof Settings[Group] & string as `${Group}.${Name}` extends Own ? never : SnakeCase<Name>
    ]: Settings[Group][Name]
  }
}
type AskedValues = { [Group in keyof Values]?: Partial<Values[Group]> }

const shown = SETTING_FIELDS.filter(({ key }) => !(OWN_SETTINGS as readonly string[]).includes(key)).map((field) => ({
  ...field,
  name: snakeCaseOf(field.key),
}))

const replyShape = Object.fromEntries(
  Object.entries(groupedBy(shown.map(({ name }) => [name, z.json()]))).map(([group, shape]) => [
    group,
    z.object(shape as z.ZodRawShape),
  ]),
)

/** As clients send them: numbers and truths as text, and null for a text that is empty. */
const asked = ({ schema, usual }: (typeof shown)[number]) =>
  z
    .preprocess((given) => {
      if (typeof usual === 'number') return asNumber(given)
      if (typeof usual === 'boolean') return asFlag(given)
      return typeof usual === 'string' && given === null ? '' : given
    }, schema)
    .optional()

const bodyShape = Object.fromEntries(
  Object.entries(groupedBy(shown.map((field) => [field.name, asked(field)]))).map(([group, shape]) => [
    group,
    z.object(shape as z.ZodRawShape).optional(),
  ]),
)

const secretState = z.object({ is_set: z.boolean(), set_at: stamp().nullable() })

interface SettingsAttributes extends Values {
  secrets: Record<SecretName, z.output<typeof secretState>>
  /** Addresses of what was uploaded. */
  images: Record<BrandImage, string | null>
  /** What the environment says, and nobody can change here: the setting's name → the variable's. */
  fixed: { [Name in SettingName]?: string }
}

export const panelSettings = item(
  'settings',
  z.object({
    ...replyShape,
    secrets: z.object({ mail_password: secretState }),
    images: z.object({ logo: z.string().nullable(), favicon: z.string().nullable() }),
    fixed: z.record(z.string(), z.string()),
  }) as unknown as z.ZodType<SettingsAttributes, SettingsAttributes>,
)
export type PanelSettings = Plain<z.output<typeof panelSettings>>

export interface UpdateSettingsBody extends AskedValues {
  /** Replaced by a text, cleared by null; left out, it stays. */
  secrets?: { [Name in SecretName]?: string | null }
}

/** What is left out stays. */
export const updateSettingsBody = z.object({
  ...bodyShape,
  secrets: z.object({ mail_password: z.string().max(1024).nullable().optional() }).optional(),
}) as unknown as z.ZodType<UpdateSettingsBody, UpdateSettingsBody>

const brandParams = z.object({ brand: z.enum(BRAND_IMAGES) })

/** Without an address it goes to who asks for it. */
const testMailBody = z.object({ to: emailField().nullish() })

const mailTest = item(
  'mail_test',
  z.object({
    ok: z.boolean(),
    to: z.string(),
    ms: z.int(),
    error: z.string().nullable(), // in the mail server's own words
  }),
)
export type MailTest = Plain<z.output<typeof mailTest>>

export const settings = {
  get: endpoint('GET /api/application/settings', { reply: panelSettings }),
  update: endpoint('PATCH /api/application/settings', { body: updateSettingsBody, reply: panelSettings }),
  /** The bytes of a picture. */
  changeImage: endpoint('PUT /api/application/settings/images/:brand', { params: brandParams }),
  removeImage: endpoint('DELETE /api/application/settings/images/:brand', { params: brandParams }),
  /** Sends one mail at once, with what is stored. */
  testMail: endpoint('POST /api/application/settings/mail/test', { body: testMailBody, reply: mailTest }),
}
