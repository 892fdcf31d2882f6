import { z } from 'zod'
import { endpoint } from '../endpoint'
import { emailField, languageField, newPasswordField, timeZoneField, usernameField } from '../person-fields'

/** Open while nobody has an account, and only with the link that the start of the panel prints. */

const token = z.string().min(1).max(255)

export const PANEL_NAME_MAX = 60

/** An origin: no path, no query. */
export const addressField = () =>
  z
    .string()
    .max(255)
    .refine((text) => /^https?:\/\/[^/?#@\s]+\/?$/i.test(text) && URL.canParse(text), {
      error: 'The address must be a web address without a path.',
      params: { rule: 'url' },
      abort: true, // What follows reads it as an address.
    })
    .overwrite((text) => new URL(text).origin)

export const setupAdministrator = z.object({
  username: usernameField(),
  email: emailField(),
  password: newPasswordField(),
})
export const setupPanel = z.object({
  name: z.string().min(1).max(PANEL_NAME_MAX),
  address: addressField(),
  language: languageField(),
  time_zone: timeZoneField(),
})

export const completeSetupBody = z.object({ token, ...setupAdministrator.shape, panel: setupPanel })
export type CompleteSetupBody = z.output<typeof completeSetupBody>

export const setup = {
  /** Whether the link opens the set-up, and what the panel already knows. */
  check: endpoint('POST /api/client/setup/link', {
    body: z.object({ token }),
    reply: z.object({
      name: z.string(),
      /** Given by the environment, the person cannot choose another one. */
      fixed_address: z.string().nullable(),
    }),
  }),
  /** Makes the administrator and signs him in. */
  complete: endpoint('POST /api/client/setup', { body: completeSetupBody }),
}
