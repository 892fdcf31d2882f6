import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, type Plain } from '../envelope'
import {
  emailField,
  isRepeated,
  languageField,
  nameField,
  newPasswordField,
  timeZoneField,
  usernameField,
} from '../person-fields'
import { stamp } from '../fields'

export const account = item(
  'user',
  z.object({
    id: z.int(),
    admin: z.boolean(),
    username: z.string(),
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    language: z.string(),
  }),
)
export type Account = Plain<z.output<typeof account>>

/** What the API's account does not say and our pages show. */
export const profile = item(
  'profile',
  z.object({
    uuid: z.uuid(),
    username: z.string(),
    /** As it was typed, where that differs in case. */
    display_username: z.string(),
    email: z.string(),
    /** The address that is to be, until the link is followed that was sent there. */
    waiting_email: z.string().nullable(),
    /** The address of an uploaded image; null: initials are shown. */
    avatar: z.string().nullable(),
    first_name: z.string(),
    last_name: z.string(),
    language: z.string(),
    time_zone: z.string(),
    is_managed_externally: z.boolean(),
    has_password: z.boolean(),
    password_changed_at: stamp().nullable(),
    two_factor_enabled: z.boolean(),
    /** 0 without a second factor. */
    recovery_codes_left: z.int(),
    created_at: stamp(),
  }),
)
export type Profile = Plain<z.output<typeof profile>>

export const changeEmailBody = z.object({ email: emailField(), password: z.string().min(1) })
export type ChangeEmailBody = z.output<typeof changeEmailBody>

/** As Pelican has it. */
const changeUsernameBody = z.object({ username: usernameField(), password: z.string().min(1) })

export const changePasswordBody = z
  .object({ current_password: z.string().min(1), password: newPasswordField(), password_confirmation: z.string() })
  .check(isRepeated)
export type ChangePasswordBody = z.output<typeof changePasswordBody>

export const updateProfileBody = z.object({
  first_name: nameField().nullish(),
  last_name: nameField().nullish(),
  language: languageField().optional(),
  time_zone: timeZoneField().optional(),
})
export type UpdateProfileBody = z.output<typeof updateProfileBody>

export const accounts = {
  get: endpoint('GET /api/client/account', { reply: account }),
  changeEmail: endpoint('PUT /api/client/account/email', { body: changeEmailBody }),
  changeUsername: endpoint('PUT /api/client/account/username', { body: changeUsernameBody }),
  /** A link is sent to the new address first, where there is a mail server. */
  cancelEmail: endpoint('DELETE /api/client/account/email', {}),
  resendEmailLink: endpoint('POST /api/client/account/email/resend', {}),
  confirmEmail: endpoint('POST /api/client/account/email/confirm', {
    body: z.object({ token: z.string().min(1).max(255) }),
    reply: z.object({ email: z.string() }),
  }),
  changePassword: endpoint('PUT /api/client/account/password', { body: changePasswordBody }),
  profile: endpoint('GET /api/client/account/profile', { reply: profile }),
  /** The body is the picture's bytes. */
  changeAvatar: endpoint('PUT /api/client/account/avatar', {}),
  removeAvatar: endpoint('DELETE /api/client/account/avatar', {}),
  updateProfile: endpoint('PATCH /api/client/account/profile', { body: updateProfileBody, reply: profile }),
}
