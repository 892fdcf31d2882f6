import { z } from 'zod'
import { LANGUAGES } from '#shared/utils/languages'
import { isTimeZone } from '#shared/utils/time-zones'

/** What is said about a person in the forms of the account, of the set-up and of the administration. */

export const TEXT_MAX = 191
export const PASSWORD_MIN = 8
/** Longer ones would only cost time: what is hashed is cut to nothing less. */
export const PASSWORD_MAX = 1024

const USERNAME = /^[a-z0-9]([\w.-]+)[a-z0-9]$/
const USERNAME_SENTENCE =
  'The username must start and end with alpha-numeric characters and contain only letters, numbers, dashes, underscores, and periods.'

/** Stored in lower case, and shown as it was typed. Whoever was imported may have a name that is refused here. */
export const usernameField = () =>
  z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .refine((name) => USERNAME.test(name.toLowerCase()), { error: USERNAME_SENTENCE, params: { rule: 'p_username' } })

/** A host without a dot is an address too: panels live in local networks. */
export const emailField = () =>
  z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .check(z.email({ pattern: z.regexes.html5Email }))
    .overwrite((email) => email.toLowerCase())

export const nameField = () => z.string().min(1).max(TEXT_MAX)

export const newPasswordField = () => z.string().min(PASSWORD_MIN).max(PASSWORD_MAX)

export const languageField = () => z.enum(LANGUAGES)

export const timeZoneField = () =>
  z
    .string()
    .max(64)
    .refine(isTimeZone, { error: 'The time zone must be a valid zone.', params: { rule: 'timezone' } })

interface Repeated {
  password: string
  password_confirmation: string
}

/** For `z.object({ password, password_confirmation }).check(isRepeated)`. */
export const isRepeated = z.refine<Repeated>(({ password, password_confirmation: again }) => password === again, {
  error: 'The password confirmation does not match.',
  path: ['password'],
  params: { rule: 'confirmed' },
})
