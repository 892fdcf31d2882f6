import { createHmac, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { sessionMetadata, sessions, type UserRow, type WingsNodeRow } from '#server/database/schema'
import { useEnv } from '#server/env'
import { routesUrl } from './routes'

/** What a caller sends to be known. */
export interface Caller {
  headers: Record<string, string>
}

export const nobody: Caller = { headers: {} }

/** A browser in which this person is signed in. Its writes come from our own pages. */
export async function signedInAs(
  user: UserRow,
  { impersonatedBy = null }: { impersonatedBy?: string | null } = {},
): Promise<Caller & { token: string }> {
  const token = randomBytes(24).toString('hex')
  const expires = new Date(Date.now() + 7 * 86_400_000).toISOString()
  await useDrizzle().insert(sessions).values({
    id: uuidv7(),
    sessionToken: token,
    userId: user.id,
    expires,
    expiresAt: expires,
    createdAt: now(),
    updatedAt: now(),
    impersonatedBy,
  })
  await useDrizzle().insert(sessionMetadata).values({ sessionToken: token, firstSeenAt: now(), lastSeenAt: now() })
  const signature = createHmac('sha256', useEnv().APP_SECRET).update(token).digest('base64')
  const cookie = `panel.session_token=${encodeURIComponent(`${token}.${signature}`)}`
  return { token, headers: { cookie, origin: await routesUrl() } }
}

export const withKey = (key: string): Caller => ({ headers: { authorization: `Bearer ${key}` } })

/** A node with the pair that it was given. */
export const asNode = ({ tokenIdentifier, tokenSecret }: WingsNodeRow): Caller => ({
  headers: {
    authorization: `Bearer ${tokenIdentifier}.${tokenSecret}`,
    'user-agent': 'Pterodactyl Wings/v1.11.11 (id:test)',
  },
})

interface Options {
  as?: Caller
  /** Sent as JSON; a string or bytes as they are. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Reply {
  status: number
  headers: Headers
  /** Parsed where it is JSON, else the text; undefined when empty. */
  body: Loose
}

/** Calls a route through the whole corridor: `await request('POST /api/client/servers/…/backups', { as: owner, body: {} })`. */
export async function request(signature: string, { as = nobody, body, headers = {} }: Options = {}): Promise<Reply> {
  const [method = 'GET', path = '/'] = signature.split(' ')
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${await routesUrl()}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }), ...as.headers, ...headers },
    ...(body !== undefined && method !== 'GET' && { body: isRaw ? (body as string) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A reply of any shape, to look into without naming its type. */
export type Loose = ReturnType<typeof JSON.parse>
