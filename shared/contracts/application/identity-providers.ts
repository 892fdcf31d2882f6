import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { flag, looseArray, looseRecord, stamp } from '../fields'

export const PROVIDER_KINDS = ['oidc', 'google', 'github', 'gitlab', 'discord'] as const
export type ProviderKind = (typeof PROVIDER_KINDS)[number]

/** Names of the marks that a button can have; the app draws them. */
export const PROVIDER_ICONS = [
  'log-in',
  'building',
  'shield',
  'key',
  'users',
  'globe',
  'school',
  'gamepad',
  'github',
  'gitlab',
] as const

export const SCOPES_USUAL = 'openid profile email'

/** Who else vouches for people who sign in. Its secret is never sent. */
export const identityProvider = item(
  'identity_provider',
  z.object({
    id: z.string(),
    kind: z.enum(PROVIDER_KINDS),
    name: z.string(),
    enabled: z.boolean(),
    client_id: z.string(),
    secret_set_at: stamp(),
    issuer: z.string().nullable(), // oidc: its name and where it is found
    host: z.string().nullable(), // github, gitlab: one of one's own; null: the public one
    scopes: z.string().nullable(), // null: the usual ones
    roles_claim: z.string().nullable(), // oidc: which claim says the roles
    roles: z.record(z.string(), z.int()), // value of the claim → number of the role
    creates_users: z.boolean(),
    links_users: z.boolean(),
    assures_second_factor: z.boolean(), // ours is not asked for then
    on_own_network: z.boolean(), // private addresses and plain HTTP are meant
    icon: z.enum(PROVIDER_ICONS).nullable(),
    color: z.string().nullable(), // #rrggbb
    position: z.int(),
    accounts_count: z.int(), // of people who are connected with it
    callback_url: z.url(), // what the provider must be told
    updated_at: stamp(),
    created_at: stamp(),
  }),
)
export type IdentityProvider = Plain<z.output<typeof identityProvider>>

const CHECK_FACTS = ['issuer', 'authorization', 'token', 'userinfo', 'keys'] as const

/** What the provider says about itself, or why it could not be asked. */
export const identityProviderCheck = item(
  'identity_provider_check',
  z.object({
    ok: z.boolean(),
    ms: z.int(),
    error: z.string().nullable(),
    found: z.partialRecord(z.enum(CHECK_FACTS), z.string()),
  }),
)
export type IdentityProviderCheck = Plain<z.output<typeof identityProviderCheck>>

const webAddress = () =>
  z
    .string()
    .max(400)
    .refine((text) => /^https?:\/\/[^/?#@\s]+[^?#@\s]*$/i.test(text) && URL.canParse(text), {
      error: 'The address must be a valid URL.',
      params: { rule: 'url' },
    })
    .nullish()

const fields = {
  name: z.string().min(1).max(60),
  enabled: flag(),
  client_id: z.string().min(1).max(255),
  client_secret: z.string().max(1024).nullish(),
  issuer: webAddress(),
  host: webAddress(),
  scopes: z
    .string()
    .max(400)
    .regex(/^[!-~]+( [!-~]+)*$/)
    .nullish(),
  roles_claim: z.string().min(1).max(120).nullish(),
  roles: looseRecord(z.int().min(1)),
  creates_users: flag(),
  links_users: flag(),
  assures_second_factor: flag(),
  on_own_network: flag(),
  icon: z.enum(PROVIDER_ICONS).nullish(),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .nullish(),
}

export const createIdentityProviderBody = z.object({
  ...fields,
  /** Part of the callback's address, and for good. */
  id: z
    .string()
    .min(2)
    .max(40)
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .refine((id) => id !== 'credential', { error: 'The id is reserved.', params: { rule: 'not_in' } }),
  kind: z.enum(PROVIDER_KINDS),
  enabled: fields.enabled.default(false),
  roles: fields.roles.default({}),
  creates_users: fields.creates_users.default(false),
  links_users: fields.links_users.default(false),
  assures_second_factor: fields.assures_second_factor.default(false),
  on_own_network: fields.on_own_network.default(false),
})
export type CreateIdentityProviderBody = z.output<typeof createIdentityProviderBody>

/** What is left out stays, and so does a secret that is empty. Id and kind do not change. */
export const updateIdentityProviderBody = z.object(fields).partial()
export type UpdateIdentityProviderBody = z.output<typeof updateIdentityProviderBody>

const slug = () => z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
const params = z.object({ provider: slug() })
const withResource = identityProvider.extend({ meta: z.object({ resource: z.url() }) })

export const identityProviders = {
  /** All of them, in the order of the sign-in page. `roles` are those that a claim may stand for. */
  list: endpoint('GET /api/application/identity-providers', {
    reply: list(identityProvider).extend({
      meta: z.object({ roles: z.array(z.object({ id: z.int(), name: z.string() })), callback_base: z.url() }),
    }),
  }),
  get: endpoint('GET /api/application/identity-providers/:provider', { params, reply: identityProvider }),
  create: endpoint('POST /api/application/identity-providers', {
    body: createIdentityProviderBody,
    reply: withResource,
    status: 201,
  }),
  update: endpoint('PATCH /api/application/identity-providers/:provider', {
    params,
    body: updateIdentityProviderBody,
    reply: identityProvider,
  }),
  remove: endpoint('DELETE /api/application/identity-providers/:provider', { params }),
  /** Puts those that are named in this order; the rest comes after them. */
  reorder: endpoint('POST /api/application/identity-providers/order', {
    body: z.object({ ids: looseArray(slug()).pipe(z.array(z.string()).max(100)) }),
  }),
  /** Asks the provider what it says about itself. */
  test: endpoint('POST /api/application/identity-providers/:provider/test', { params, reply: identityProviderCheck }),
}
