import { randomBytes } from 'node:crypto'
import { sql, type SQL } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { describeBrowser, type Browser } from '#server/auth/describe-browser'
import { useDrizzle } from '#server/database/client'
import { now, sqlNow } from '#server/database/columns'
import { sessionMetadata, sessions, users } from '#server/database/schema'
import { isMissing } from '#server/database/errors'
import { AppError } from '#server/errors'
import { partsOf, type Activity } from '#server/services/activity/record-activity'

const TOKEN_BYTES = 24

interface BeginSession {
  userId: string
  seconds: number
  ip: string
  userAgent: string | null
  /** The administrator who is to act as the user. */
  administratorId?: string | null
  activity?: Activity
  /** Other parts of the same statement. */
  beside: readonly SQL[]
}

export interface Begun {
  sessionId: string
  token: string
  browser: Browser
  /** Those in which the person still is. */
  others: Pick<Browser, 'browserName' | 'osName'>[]
}

/**
 * Begins a session, in one statement with what belongs to it: that is what signing in costs beside its hash.
 *
 * @throws {AppError} `sign_in.suspended`, also when he was suspended or deleted in this moment
 */
export async function beginSession({
  userId,
  seconds,
  ip,
  userAgent,
  administratorId = null,
  activity,
  beside,
}: BeginSession): Promise<Begun> {
  const db = useDrizzle()
  const [sessionId, token] = [uuidv7(), randomBytes(TOKEN_BYTES).toString('base64url')]
  const [at, end] = [now(), new Date(Date.now() + seconds * 1000).toISOString()]
  const agent = (userAgent ?? '').slice(0, 512)
  const browser = describeBrowser(agent)
  const { browserName, osName, deviceName } = browser
  // Null for whoever may not come in: the column refuses it, and with it the whole statement.
  const owner = sql`(select id from ${users} where id = ${userId} and not suspended and banned is not true)`
  const session = sql`session as (
    insert into ${sessions} (id, session_token, user_id, expires, expires_at, ip_address, user_agent, created_at, updated_at, impersonated_by)
    values (${sessionId}, ${token}, ${owner}, ${end}, ${end}, ${ip}, ${agent}, ${at}, ${at}, ${administratorId}))`
  const described = sql`described as (
    insert into ${sessionMetadata} (session_token, first_seen_at, last_seen_at, ip_address, user_agent, browser_name, os_name, device_name)
    values (${token}, ${at}, ${at}, ${ip}, ${agent}, ${browserName}, ${osName}, ${deviceName}))`
  // As it was before: without the one that begins.
  const others = sql`coalesce((
    select json_agg(json_build_object('browserName', m.browser_name, 'osName', m.os_name))
    from ${sessions} s inner join ${sessionMetadata} m on m.session_token = s.session_token
    where s.user_id = ${userId} and s.impersonated_by is null and s.expires > ${sqlNow}), '[]'::json) as others`
  const { writes, hints } = activity ? partsOf(db, activity) : { writes: [], hints: [] }

  const { rows } = await db
    .execute<{ others: Begun['others'] }>(
      sql`with ${sql.join([session, described, ...writes, ...beside], sql`, `)} select ${sql.join([others, ...hints], sql`, `)}`,
    )
    .catch((cause: unknown) => {
      throw isMissing(cause, 'user_id') ? new AppError('sign_in.suspended', { cause }) : cause
    })
  return { sessionId, token, browser, others: rows[0]?.others ?? [] }
}
