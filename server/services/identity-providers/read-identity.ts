import * as openid from 'openid-client'
import { z } from 'zod'
import { issuerOf, type Provider } from './provider'

/** Who somebody is to a provider, as it told. */
export interface Identity {
  /** Never given to anybody else there. */
  subject: string
  email: string | null
  /** Said, and as true; silence is no. */
  isEmailVerified: boolean
  username: string | null
  nameFirst: string | null
  nameLast: string | null
  /** What he recognises it by. */
  label: string
  /** Of OpenID Connect; roles are read from them. */
  claims: Record<string, unknown>
}

interface Answer {
  client: openid.Configuration
  provider: Provider
  tokens: Awaited<ReturnType<typeof openid.authorizationCodeGrant>>
}

export function readIdentity(answer: Answer): Promise<Identity> {
  if (issuerOf(answer.provider) !== undefined) return fromClaims(answer)
  return answer.provider.kind === 'github' ? fromGithub(answer) : fromDiscord(answer)
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null)
const mail = (value: unknown): string | null => {
  const address = text(value)?.toLowerCase() ?? null
  return address && address.length <= 191 && /^[^@\s]+@[^@\s]+$/.test(address) ? address : null
}

/** From the ID token; what is not in it, from the provider's own page about people. */
async function fromClaims({ client, provider, tokens }: Answer): Promise<Identity> {
  const proven = tokens.claims()
  if (!proven) throw new TypeError('The provider sent no ID token.')
  const { rolesClaim } = provider.options
  const isWhole = proven.email !== undefined && (rolesClaim === null || claimAt(proven, rolesClaim) !== undefined)
  const asked =
    isWhole || !client.serverMetadata().userinfo_endpoint
      ? {}
      : await openid.fetchUserInfo(client, tokens.access_token, proven.sub)
  const claims: Record<string, unknown> = { ...asked, ...proven }

  const email = mail(claims.email)
  const username = text(claims.preferred_username) ?? text(claims.nickname)
  return {
    subject: proven.sub,
    email,
    // The address and what is said about it have to come from one place.
    isEmailVerified: (proven.email === undefined ? claims : proven).email_verified === true,
    username,
    nameFirst: text(claims.given_name) ?? text(claims.name),
    nameLast: text(claims.family_name),
    label: email ?? username ?? proven.sub,
    claims,
  }
}

/** `groups`, or a way into objects: `realm_access.roles`. A name with dots of its own is found as it is. */
export function claimAt(claims: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  let found: unknown = claims
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as Record<string, unknown>)[name]
  }
  return found
}

const githubUser = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() })
const githubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

async function fromGithub({ client, provider, tokens }: Answer): Promise<Identity> {
  const { host } = provider.options
  const base = host ? `${host}/api/v3` : 'https://api.github.com'
  const ask = async (path: string): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'XyraPanel' })
    const url = new URL(`${base}${path}`)
    const reply = await openid.fetchProtectedResource(client, tokens.access_token, url, 'GET', null, headers)
    return await reply.json()
  }
  const user = githubUser.parse(await ask('/user'))
  const emails = githubEmails.parse(await ask('/user/emails'))
  const chosen = emails.find(({ primary }) => primary)
  return {
    subject: String(user.id),
    email: mail(chosen?.email),
    isEmailVerified: chosen?.verified === true,
    username: user.login,
    nameFirst: text(user.name),
    nameLast: null,
    label: user.login,
    claims: {},
  }
}

const discordUser = z.object({
  id: z.string(),
  username: z.string(),
  global_name: z.string().nullish(),
  email: z.string().nullish(),
  verified: z.boolean().nullish(),
})

async function fromDiscord({ client, provider, tokens }: Answer): Promise<Identity> {
  const url = new URL(`${provider.options.host ?? 'https://discord.com'}/api/v10/users/@me`)
  const reply = await openid.fetchProtectedResource(client, tokens.access_token, url, 'GET')
  const user = discordUser.parse(await reply.json())
  return {
    subject: user.id,
    email: mail(user.email),
    isEmailVerified: user.verified === true,
    username: user.username,
    nameFirst: text(user.global_name),
    nameLast: null,
    label: user.username,
    claims: {},
  }
}
