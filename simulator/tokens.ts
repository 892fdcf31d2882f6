import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Flavour } from './options.ts'

export interface Claims {
  exp: number
  iat?: number
  jti?: string
  sub?: string
  scope?: string
  unique_id?: string
  user_uuid?: string
  server_uuid?: string
  file_path?: string
  backup_uuid?: string
  permissions?: string[]
}

export type Scope = 'websocket' | 'file-download' | 'file-upload' | 'backup-download' | 'transfer'

/** The token cannot be read, or somebody else signed it. */
export class SignatureError extends Error {}

/** The token is genuine and does not count. Its text is what a browser decides by. */
export class JwtError extends Error {}

const EXPIRED = 'jwt: exp claim is invalid'
const DENIED = 'jwt: created too far in past (denylist)'
const ONE_TIME_MS = 60 * 60_000

interface TokensOptions {
  flavour: Flavour
  now: () => number
  bootedAtMs: number
}

/** Judges what the panel signed. All that it remembers is gone after a restart. */
export class Tokens {
  #flavour: Flavour
  #now: () => number
  #bootedAtMs: number
  #used = new Map<string, number>()
  #deniedIds = new Map<string, number>()
  #deniedUsers = new Map<string, number>()

  constructor({ flavour, now, bootedAtMs }: TokensOptions) {
    this.#flavour = flavour
    this.#now = now
    this.#bootedAtMs = bootedAtMs
  }

  /** @throws {SignatureError} @throws {JwtError} when expired */
  read(token: string, key: string): Claims {
    const claims = verified(token, key)
    if (this.isExpired(claims)) throw new JwtError(EXPIRED)
    return claims
  }

  isExpired({ exp }: Claims): boolean {
    return Math.floor(this.#now() / 1_000) > exp
  }

  secondsLeft({ exp }: Claims): number {
    return exp - this.#now() / 1_000
  }

  /** Older than this process, or than the moment from which it was not to count any more. `iat` has whole seconds, the moments are exact. */
  isDenied(claims: Claims): boolean {
    if (claims.iat === undefined) return true
    const issuedMs = claims.iat * 1_000
    const moments = [
      this.#bootedAtMs,
      this.#deniedIds.get(claims.jti ?? ''),
      this.#deniedUsers.get(`${claims.server_uuid} ${claims.user_uuid}`),
    ]
    return moments.some(
      (moment) => moment !== undefined && (this.#flavour === 'pelican' ? issuedMs <= moment : issuedMs < moment),
    )
  }

  /** Pterodactyl looks at no scope. */
  hasScope(claims: Claims, scope: Scope): boolean {
    return this.#flavour === 'pterodactyl' || (claims.scope ?? '').split(' ').includes(scope)
  }

  /** True the first time within an hour. Tokens without an id share the empty one. */
  use({ unique_id: id = '' }: Claims): boolean {
    const now = this.#now()
    const usedAt = this.#used.get(id)
    if (usedAt !== undefined && now - usedAt < ONE_TIME_MS) return false
    this.#used.set(id, now)
    return true
  }

  denyIds(ids: string[]): void {
    for (const id of ids) this.#deniedIds.set(id, this.#now())
  }

  denyUser(user: string, server: string): void {
    this.#deniedUsers.set(`${server} ${user}`, this.#now())
  }

  /** @throws {JwtError} */
  assertWebsocket(claims: Claims, server: string): void {
    if (this.isExpired(claims)) throw new JwtError(EXPIRED)
    if (this.isDenied(claims)) throw new JwtError(DENIED)
    if (!this.hasScope(claims, 'websocket')) throw new JwtError('jwt: missing websocket scope')
    if (!mayConnect(claims)) throw new JwtError('jwt: missing connect permission')
    if (claims.server_uuid !== server) throw new JwtError('jwt: server uuid mismatch')
  }

  /** What `auth` asks: a token of another server of this node passes, and fails at its first use. @throws {JwtError} */
  assertAuthenticates(claims: Claims): void {
    const isComplete = this.#flavour === 'pterodactyl' || Boolean(claims.server_uuid && claims.user_uuid)
    if (!isComplete) throw new JwtError('jwt: missing server or user')
    this.assertWebsocket(claims, claims.server_uuid ?? '')
  }
}

/** `*` is everything but what only administrators see, which is named one by one. */
export function grants({ permissions = [] }: Claims, permission: string): boolean {
  return permissions.includes(permission) || (!permission.startsWith('admin') && permissions.includes('*'))
}

const mayConnect = (claims: Claims) => grants(claims, 'websocket.connect')

function verified(token: string, key: string): Claims {
  const parts = token.split('.')
  const [head, body, signature] = parts
  if (parts.length !== 3 || !head || !body || !signature || parts.some((part) => !/^[\w-]+$/.test(part))) {
    throw new SignatureError('jwt: malformed token')
  }

  const expected = createHmac('sha256', key).update(`${head}.${body}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new SignatureError('jwt: HMAC verification failed')

  object(head)
  const claims = object(body)
  for (const name of ['exp', 'iat', 'nbf']) {
    if (claims[name] !== undefined && !Number.isSafeInteger(claims[name]))
      throw new SignatureError(`jwt: ${name} is not a whole number`)
  }
  if (claims.permissions !== undefined && !isTexts(claims.permissions))
    throw new SignatureError('jwt: permissions are no list of texts')
  if (typeof claims.exp !== 'number') throw new JwtError(EXPIRED)
  return claims as unknown as Claims
}

const isTexts = (given: unknown) => Array.isArray(given) && given.every((one) => typeof one === 'string')

function object(part: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>
  } catch {
    // said below
  }
  throw new SignatureError('jwt: malformed token')
}
