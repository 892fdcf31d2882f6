import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { apiKey } from '../client/api-keys'
import { activityLog, activityQuery } from '../client/activity'
import { session } from '../client/sessions'
import { comingMoment, flag, looseArray, rowNumber, stamp, wholeNumber } from '../fields'
import {
  emailField,
  languageField,
  nameField,
  newPasswordField,
  TEXT_MAX,
  timeZoneField,
  usernameField,
} from '../person-fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'
import { role } from './roles'

/** Ours, asked for with `include=standing`: what the administration shows beside the API's own attributes. */
export const userStanding = item(
  'user_standing',
  z.object({
    is_suspended: z.boolean(),
    suspended_at: stamp().nullable(),
    suspension_reason: z.string().nullable(),
    /** When it ends by itself. */
    suspended_until: stamp().nullable(),
    must_change_password: z.boolean(),
    /** False until a set-up link was followed. */
    has_password: z.boolean(),
    /** Of some kind: root, or limited by roles. */
    is_administrator: z.boolean(),
    /** Where the pages find his picture; null: his initials. */
    avatar: z.string().nullable(),
    /** Another system holds it: its owner changes neither name nor e-mail address nor password. */
    is_managed_externally: z.boolean(),
    time_zone: z.string(),
    server_count: z.int(),
    last_seen_at: stamp().nullable(),
  }),
)

const anyItem = z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })

export const user = item(
  'user',
  z.object({
    id: z.int(),
    external_id: z.string().nullable(),
    uuid: z.string(),
    username: z.string(),
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    language: z.string(),
    root_admin: z.boolean(),
    '2fa': z.boolean(),
    created_at: stamp(),
    updated_at: stamp(),
    // Pelican's.
    '2fa_enabled': z.boolean(),
    is_managed_externally: z.boolean(),
    timezone: z.string(),
    relationships: z
      .object({
        servers: z.union([nothing, list(anyItem)]).optional(),
        standing: z.union([nothing, userStanding]).optional(),
        roles: z.union([nothing, list(role)]).optional(),
      })
      .optional(),
  }),
)
export type User = Plain<z.output<typeof user>>

export const saveUserBody = z.object({
  email: emailField(),
  username: usernameField(),
  first_name: nameField(),
  last_name: nameField(),
  /** Left out when creating: a link to choose one. When changing: it stays. */
  password: newPasswordField().nullish(),
  language: languageField().nullish(),
  root_admin: flag().nullish(),
  external_id: z.string().min(1).max(TEXT_MAX).nullish(),
  is_managed_externally: flag().nullish(),
  timezone: timeZoneField().nullish(),
})
export type SaveUserBody = z.output<typeof saveUserBody>

export const suspendUserBody = z.object({
  reason: z.string().max(500).nullish(),
  /** When it ends by itself; left out, somebody ends it. */
  until: comingMoment('until').nullish(),
})

/** One browser in which somebody is signed in, as the administration sees it. */
export const userSession = session.extend({
  attributes: session.shape.attributes.omit({ is_current: true }).extend({
    /** The administrator who acts as the user in it. */
    impersonator: z.string().nullable(),
  }),
})
/** What tells one key of somebody from another; never the key itself. */
export const userSshKey = item(
  'ssh_key',
  z.object({ name: z.string(), fingerprint: z.string(), algorithm: z.string(), created_at: stamp() }),
)
export type UserSshKey = Plain<z.output<typeof userSshKey>>
export type UserSession = Plain<z.output<typeof userSession>>

const rolesBody = z.object({ roles: looseArray(wholeNumber({ min: 1 })) })

/** Shown this once: at the next sign-in another one has to be chosen. */
const temporaryPassword = z.object({ password: z.string() })

/** What an administrator hands over where no mail can carry it. Null: it was sent. */
const link = z.object({ url: z.url().nullable() })

const params = z.object({ user: rowNumber() })
const query = z.object({ include: includeShape() })

export const users = {
  list: endpoint('GET /api/application/users', {
    query: z.object({ ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape(), sort: sortShape() }),
    reply: page(user),
  }),
  get: endpoint('GET /api/application/users/:user', { params, query, reply: user }),
  getByExternalId: endpoint('GET /api/application/users/external/:external', { query, reply: user }),
  create: endpoint('POST /api/application/users', {
    query,
    body: saveUserBody,
    reply: user.extend({ meta: z.object({ resource: z.url(), setup_url: z.url().nullable().optional() }) }),
    status: 201,
  }),
  update: endpoint('PATCH /api/application/users/:user', { params, query, body: saveUserBody, reply: user }),
  remove: endpoint('DELETE /api/application/users/:user', {
    params,
    // Ours: his servers go with him; forced, whatever their nodes say.
    query: z.object({ with_servers: flag().optional(), force: flag().optional() }),
  }),
  // Ours
  suspend: endpoint('POST /api/application/users/:user/suspend', { params, body: suspendUserBody }),
  unsuspend: endpoint('POST /api/application/users/:user/unsuspend', { params }),
  /** For whoever has lost what makes his codes. */
  disableTwoFactor: endpoint('DELETE /api/application/users/:user/two-factor', { params }),
  /** The roles that he has from now on, and no others. */
  setRoles: endpoint('PUT /api/application/users/:user/roles', { params, body: rolesBody, reply: list(role) }),
  assignRoles: endpoint('PATCH /api/application/users/:user/roles/assign', {
    params,
    body: rolesBody,
    reply: list(role),
  }),
  removeRoles: endpoint('PATCH /api/application/users/:user/roles/remove', {
    params,
    body: rolesBody,
    reply: list(role),
  }),
  /** This browser is somebody else's from now on, for an hour or until it stops. */
  actAs: endpoint('POST /api/application/users/:user/act-as', { params }),
  setTemporaryPassword: endpoint('POST /api/application/users/:user/temporary-password', {
    params,
    reply: temporaryPassword,
  }),
  sessions: endpoint('GET /api/application/users/:user/sessions', { params, reply: list(userSession) }),
  endSession: endpoint('DELETE /api/application/users/:user/sessions/:session', { params }),
  endSessions: endpoint('DELETE /api/application/users/:user/sessions', { params }),
  apiKeys: endpoint('GET /api/application/users/:user/api-keys', { params, query, reply: list(apiKey) }),
  revokeApiKey: endpoint('DELETE /api/application/users/:user/api-keys/:identifier', { params }),
  sshKeys: endpoint('GET /api/application/users/:user/ssh-keys', { params, reply: list(userSshKey) }),
  revokeSshKey: endpoint('DELETE /api/application/users/:user/ssh-keys/:fingerprint', { params }),
  /** What he did and what was done to him, the newest first. */
  activity: endpoint('GET /api/application/users/:user/activity', {
    params,
    query: activityQuery,
    reply: page(activityLog),
  }),
  removeAvatar: endpoint('DELETE /api/application/users/:user/avatar', { params }),
  sendLink: endpoint('POST /api/application/users/:user/link', { params, reply: link }),
}
