import { z } from 'zod'
import { endpoint } from '../endpoint'
import { flag } from '../fields'
import { ceremonyOptions, passkeySignInBody } from './passkeys'
import { emailField, isRepeated, languageField, newPasswordField, usernameField } from '../person-fields'

/** Under `/auth`, as mobile apps and browsers know it: nothing here travels in an envelope. */

const signedInUser = z.object({
  uuid: z.uuid(),
  username: z.string(),
  email: z.string(),
  name_first: z.string(),
  name_last: z.string(),
  root_admin: z.boolean(),
  use_totp: z.boolean(),
  language: z.string(),
})

const complete = z.object({ complete: z.literal(true), intended: z.string(), user: signedInUser })

/** A second factor is asked for: the token opens the checkpoint for five minutes, from the same address. */
const incomplete = z.object({ complete: z.literal(false), confirmation_token: z.string() })

/** What a browser worked for: the challenge and its solution, as JSON. */
const captchaField = () => z.string().max(4000).nullish()

/** And what the API has always called it. */
const captchaFields = () => ({ captcha: captchaField(), 'g-recaptcha-response': captchaField() })

export const signInBody = z.object({
  /** An e-mail address when it holds an `@`, else a user name. */
  user: z.string().min(1).max(255),
  password: z.string().min(1).max(4096),
  ...captchaFields(),
})
export type SignInBody = z.input<typeof signInBody>

export const checkpointBody = z.object({
  confirmation_token: z.string().min(1).max(255),
  authentication_code: z.coerce.string().max(16).nullish(),
  recovery_token: z.string().max(64).nullish(),
  /** Ours: no code is asked for in this browser for 30 days. */
  trust_browser: flag().nullish(),
})
export type CheckpointBody = z.output<typeof checkpointBody>

export const forgotPasswordBody = z.object({ email: z.string().min(1).max(255), ...captchaFields() })

export const registerBody = z.object({
  username: usernameField(),
  email: emailField(),
  password: newPasswordField(),
  language: languageField().nullish(),
  captcha: captchaField(),
})
export type RegisterBody = z.input<typeof registerBody>

export const confirmRegistrationBody = z.object({
  token: z.string().min(1).max(255),
  /** Another one than was asked for. */
  username: usernameField().nullish(),
})

/** The address of the account is part of the API's form; a link of ours names its account by the token alone. */
export const resetPasswordBody = z
  .object({
    token: z.string().min(1).max(255),
    email: z.string().max(255).nullish(),
    password: newPasswordField(),
    password_confirmation: z.string(),
  })
  .check(isRepeated)
export type ResetPasswordBody = z.output<typeof resetPasswordBody>

const providerParams = z.object({ provider: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/) })

export const beginVisitBody = z.object({
  /** A page of ours to go to afterwards. */
  redirect: z.string().max(2000).nullish(),
})

export const signIn = {
  /** Names nobody: the browser offers what it has. */
  beginPasskey: endpoint('POST /auth/passkey/options', { reply: ceremonyOptions }),
  passkey: endpoint('POST /auth/passkey', { body: passkeySignInBody, reply: z.object({ data: complete }) }),
  csrfCookie: endpoint('GET /sanctum/csrf-cookie', {}),
  start: endpoint('POST /auth/login', { body: signInBody, reply: z.object({ data: z.union([complete, incomplete]) }) }),
  checkpoint: endpoint('POST /auth/login/checkpoint', { body: checkpointBody, reply: z.object({ data: complete }) }),
  forgotPassword: endpoint('POST /auth/password', {
    body: forgotPasswordBody,
    reply: z.object({ status: z.string() }),
  }),
  resetPassword: endpoint('POST /auth/password/reset', {
    body: resetPasswordBody,
    reply: z.object({ success: z.literal(true), redirect_to: z.string(), send_to_login: z.boolean() }),
  }),
  /** Whether a link is still good, and whose it is, before somebody types a password for nothing. */
  checkLink: endpoint('POST /auth/password/link', {
    body: z.object({ token: z.string().min(1).max(255) }),
    reply: z.object({ username: z.string(), is_first: z.boolean() }),
  }),
  /** Work for a browser, where a captcha is wanted. */
  captcha: endpoint('GET /auth/captcha', {
    reply: z.object({ parameters: z.record(z.string(), z.union([z.string(), z.number()])), signature: z.string() }),
  }),
  /** Answers alike whoever has the address or the name already; the account is made by the link in the mail. */
  register: endpoint('POST /auth/register', { body: registerBody, reply: z.object({ status: z.string() }) }),
  checkRegistration: endpoint('POST /auth/register/link', {
    body: z.object({ token: z.string().min(1).max(255) }),
    reply: z.object({ username: z.string(), email: z.string() }),
  }),
  confirmRegistration: endpoint('POST /auth/register/confirm', {
    body: confirmRegistrationBody,
    reply: z.object({ success: z.literal(true) }),
  }),
  /** Where to go to have somebody else vouch for oneself; a cookie of this browser belongs to it. */
  beginVisit: endpoint('POST /auth/providers/:provider', {
    params: providerParams,
    body: beginVisitBody,
    reply: z.object({ url: z.url() }),
  }),
  /** Where a provider sends people back. Answers with a page, never with an error. */
  finishVisit: endpoint('GET /auth/callback/:provider', { params: providerParams }),
  signOut: endpoint('POST /auth/logout', {}),
}
