import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { getCookie, getHeader, type H3Event } from 'h3'
import { useEnv } from '#server/env'
import type { Door, Person } from './actor'
import { findByKey, findBySession, type FoundPerson } from './find-person'

export const SESSION_COOKIE = 'panel.session_token'

/** Which of the two ways in a request brings; a key wins over a cookie that happens to come along. */
export type Credentials = { kind: 'key'; key: string } | { kind: 'session'; token: string }

export function credentialsOf(event: H3Event): Credentials | undefined {
  const [, key] = /^Bearer (\S+)$/i.exec(getHeader(event, 'authorization') ?? '') ?? []
  if (key) return { kind: 'key', key }
  if (getHeader(event, 'authorization')) return undefined

  const token = sessionTokenOf(event)
  return token ? { kind: 'session', token } : undefined
}

/** The token of the signed cookie, or undefined when it was tampered with. */
export function sessionTokenOf(event: H3Event): string | undefined {
  const cookie = getCookie(event, `__Secure-${SESSION_COOKIE}`) ?? getCookie(event, SESSION_COOKIE) ?? ''
  const dot = cookie.lastIndexOf('.')
  if (dot < 1) return undefined

  const token = cookie.slice(0, dot)
  const given = Buffer.from(cookie.slice(dot + 1), 'base64')
  const wanted = createHmac('sha256', useEnv().APP_SECRET).update(token).digest()
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : undefined
}

/** Finds who is behind a session or a key, in one prepared statement. Undefined for everybody whom nothing lets in. */
export async function findCaller(
  event: H3Event,
  ip: string,
): Promise<{ person: Person; found: FoundPerson } | undefined> {
  const credentials = credentialsOf(event)
  if (!credentials) return undefined

  const found = credentials.kind === 'key' ? await foundByKey(credentials.key) : await findBySession(credentials.token)
  if (!found || found.suspended || found.banned) return undefined
  const person: Person = {
    userId: found.userId,
    uuid: found.uuid,
    username: found.username,
    isRootAdmin: found.isRootAdmin,
    grants: found.grants,
    nodeIds: found.nodeIds,
    door: found.door as Exclude<Door, { kind: 'system' }>,
    ip,
    userAgent: getHeader(event, 'user-agent') ?? null,
  }
  return { person, found }
}

const IDENTIFIER_LENGTH = 16

async function foundByKey(key: string): Promise<FoundPerson | undefined> {
  if (key.length <= IDENTIFIER_LENGTH) return undefined
  const found = await findByKey(key.slice(0, IDENTIFIER_LENGTH))
  if (!found?.keyHash) return undefined

  const given = createHash('sha256').update(key).digest()
  const wanted = Buffer.from(found.keyHash, 'base64url')
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? found : undefined
}
