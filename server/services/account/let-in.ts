import { APIError } from 'better-auth/api'
import type { Person } from '#server/auth/actor'
import { useAuth } from '#server/auth/auth'
import type { UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { tellOfNewBrowser } from '#server/services/account/tell-of-new-browser'
import type { Visitor } from '#server/services/account/visitor'

/** Where the session shall be. */
type Place = Omit<Visitor, 'trustTokens'>

export interface LetIn {
  user: UserRow
  /** The person with his new session, for what is recorded about it. */
  actor: Person
  /** To be passed on to the browser as they are. */
  cookies: string[]
}

interface How {
  /** Whoever is to act as the user, and for how long. */
  acting?: { administratorId: string; seconds: number }
  /** To his own account, of whoever acted as somebody. */
  isReturn?: boolean
}

/**
 * Ends every way of signing in: a session, and the cookie that carries it. Proves nothing by itself.
 *
 * @throws {AppError} `sign_in.suspended`
 */
export async function letIn(
  user: UserRow,
  { panelAddress, ip, userAgent }: Place,
  { acting, isReturn = false }: How = {},
): Promise<LetIn> {
  const agent = (userAgent ?? '').slice(0, 512)
  const started = await useAuth(panelAddress)
    .api.startSession({
      body: { userId: user.id, ip, userAgent: agent, ...(acting && { acting }) },
      headers: new Headers({ 'user-agent': agent }),
      returnHeaders: true,
    })
    .catch((error: unknown) => {
      if (error instanceof APIError && error.statusCode === 403)
        throw new AppError('sign_in.suspended', { cause: error })
      throw error
    })

  const { sessionId } = started.response
  if (!acting && !isReturn) await tellOfNewBrowser({ user, sessionId, ip, userAgent })
  return {
    user,
    actor: personOf(user, { ip, userAgent }, sessionId),
    cookies: started.headers.getSetCookie(),
  }
}

/** Somebody who has proven who he is. Rights from roles are not loaded: nothing here asks for them. */
export function personOf(user: UserRow, { ip, userAgent }: Pick<Place, 'ip' | 'userAgent'>, sessionId = ''): Person {
  return {
    userId: user.id,
    uuid: user.uuid,
    username: user.username,
    isRootAdmin: user.rootAdmin,
    grants: {},
    nodeIds: null,
    door: { kind: 'session', sessionId, impersonatorId: null },
    ip,
    userAgent,
  }
}

/** Suspended, unless it was for a time that is over: the first sign-in after it lifts it. */
export const isShutOut = ({ suspended, banned, banExpires }: UserRow): boolean =>
  (suspended || banned === true) && (banExpires === null || Date.parse(banExpires) > Date.now())
