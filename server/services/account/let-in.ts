import type { SQL } from 'drizzle-orm'
import { SYSTEM, type Person } from '#server/auth/actor'
import { sessionCookie } from '#server/auth/session-cookie'
import type { UserRow } from '#server/database/schema'
import { beginSession } from '#server/services/account/begin-session'
import { tellOfNewBrowser } from '#server/services/account/tell-of-new-browser'
import type { Activity } from '#server/services/activity/record-activity'
import type { Visitor } from '#server/services/account/visitor'
import { getSettings } from '#server/services/settings/current-settings'
import { unsuspendUser } from '#server/services/users/unsuspend-user'

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
  /** Written down with it. */
  activity?: Omit<Activity, 'actor'>
  /** What was counted of a try that was none, to be taken back with it. */
  undo?: SQL[]
}

const DAY_S = 86_400

/**
 * Ends every way of signing in: a session, and the cookie that carries it. Proves nothing by itself. A suspension whose
 * time is over ends with it.
 *
 * @throws {AppError} `sign_in.suspended`
 */
export async function letIn(
  found: UserRow,
  { panelAddress, ip, userAgent }: Place,
  { acting, isReturn = false, activity, undo = [] }: How = {},
): Promise<LetIn> {
  const isOver = (found.suspended || found.banned === true) && !isShutOut(found)
  const user = isOver ? await unsuspendUser({ actor: SYSTEM, user: found, ifOver: true }) : found
  const seconds = acting?.seconds ?? (await getSettings()).signIn.sessionDays * DAY_S
  const begun = await beginSession({
    userId: user.id,
    seconds,
    ip,
    userAgent,
    administratorId: acting?.administratorId,
    activity: activity && { ...activity, actor: personOf(user, { ip, userAgent }) },
    beside: undo,
  })
  if (!acting && !isReturn) await tellOfNewBrowser({ ...begun, user, ip })
  return {
    user,
    actor: personOf(user, { ip, userAgent }, begun.sessionId),
    cookies: [sessionCookie({ token: begun.token, panelAddress, seconds })],
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
