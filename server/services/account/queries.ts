import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sqlNow } from '#server/database/columns'
import { accounts, sessionMetadata, sessions, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'

const isCredential = and(eq(accounts.userId, users.id), eq(accounts.provider, 'credential'))

export interface Credential {
  user: UserRow
  /** Null: never set up. */
  hash: string | null
}

const credentials = () =>
  useDrizzle().select({ user: users, hash: accounts.password }).from(users).leftJoin(accounts, isCredential)

const prepareCredential = (by: 'email' | 'username') =>
  credentials()
    .where(eq(users[by], sql.placeholder('name')))
    .limit(1)
    .prepare(`credential_by_${by}`)
const byLogin: Partial<Record<'email' | 'username', ReturnType<typeof prepareCredential>>> = {}

/** By what people type into a sign-in: an e-mail address where it holds an `@`, else a user name. */
export async function findCredential(login: string): Promise<Credential | undefined> {
  const name = login.trim().toLowerCase()
  const by = name.includes('@') ? 'email' : 'username'
  const [found] = await (byLogin[by] ??= prepareCredential(by)).execute({ name })
  return found
}

export async function findCredentialOf(userId: string): Promise<Credential | undefined> {
  const [found] = await credentials().where(eq(users.id, userId)).limit(1)
  return found
}

/** Of somebody who has been let through a moment ago. @throws {AppError} `auth.required` when he was deleted since */
export async function getCredentialOf(userId: string): Promise<Credential> {
  const found = await findCredentialOf(userId)
  if (!found) throw new AppError('auth.required')
  return found
}

/** His sessions, and those in which he acts as somebody else. */
export const isSessionOf = (userId: string) => or(eq(sessions.userId, userId), eq(sessions.impersonatedBy, userId))

/** What is listed of a session: everything but its token. */
export interface ListedSession {
  id: string
  ip: string | null
  browserName: string | null
  osName: string | null
  deviceName: string | null
  firstSeenAt: string
  lastSeenAt: string
  expires: string
  /** The administrator who acts as the user in it. */
  impersonator: string | null
}

/**
 * The sessions that still let somebody in, the last used first. Their number is bounded by their age. Those in which an
 * administrator acts as him only where they are asked for: that address is not his to see.
 */
export async function listSessions(userId: string, { withActing = false } = {}): Promise<ListedSession[]> {
  const begun =
    sql<string>`coalesce(${sessionMetadata.firstSeenAt}, ${sessions.createdAt}, ${sessions.expires})`.mapWith(
      sessions.expires,
    )
  const seen = sql<string>`coalesce(${sessionMetadata.lastSeenAt}, ${sessions.updatedAt}, ${sessions.expires})`.mapWith(
    sessions.expires,
  )
  const isOwn = withActing ? undefined : isNull(sessions.impersonatedBy)

  return useDrizzle()
    .select({
      id: sessions.id,
      ip: sql<string | null>`coalesce(${sessionMetadata.ipAddress}, ${sessions.ipAddress})`,
      browserName: sessionMetadata.browserName,
      osName: sessionMetadata.osName,
      deviceName: sessionMetadata.deviceName,
      firstSeenAt: begun,
      lastSeenAt: seen,
      expires: sessions.expires,
      impersonator: users.username,
    })
    .from(sessions)
    .leftJoin(sessionMetadata, eq(sessionMetadata.sessionToken, sessions.sessionToken))
    .leftJoin(users, eq(users.id, sessions.impersonatedBy))
    .where(and(eq(sessions.userId, userId), isOwn, gt(sessions.expires, sqlNow)))
    .orderBy(desc(seen), desc(sessions.id))
    .limit(200)
}
