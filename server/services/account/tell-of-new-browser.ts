import { and, eq, gt, isNull, ne } from 'drizzle-orm'
import { describeBrowser } from '#server/auth/describe-browser'
import { sqlNow } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { sessionMetadata, sessions, type UserRow } from '#server/database/schema'
import { notifyPeople } from '#server/services/notifications/notify-people'

interface Entered {
  user: UserRow
  sessionId: string
  ip: string
  userAgent: string | null
}

/**
 * Tells somebody that he was signed in to from a browser unlike those in which he still is. Who is signed in nowhere else
 * has nothing to compare with: it may be the browser that he signed out of before.
 */
export async function tellOfNewBrowser({ user, sessionId, ip, userAgent }: Entered): Promise<void> {
  const db = useDrizzle()
  const others = await db
    .select({ browser: sessionMetadata.browserName, system: sessionMetadata.osName })
    .from(sessions)
    .innerJoin(sessionMetadata, eq(sessionMetadata.sessionToken, sessions.sessionToken))
    .where(
      and(
        eq(sessions.userId, user.id),
        ne(sessions.id, sessionId),
        isNull(sessions.impersonatedBy),
        gt(sessions.expires, sqlNow),
      ),
    )
  if (others.length === 0) return

  const { browserName, osName } = describeBrowser(userAgent)
  const kind = kindOf(browserName, osName)
  if (others.some(({ browser, system }) => kindOf(browser, system) === kind)) return
  const slots = { browser: [browserName, osName].filter(Boolean).join(', ') || '–', ip }
  await db.transaction((tx) =>
    notifyPeople(tx, [{ userId: user.id, isTold: true }], { kind: 'account.new-browser', slots }),
  )
}

/** Without versions: an update makes no other browser. */
const kindOf = (...names: (string | null)[]) => names.map((name) => (name ?? '').replace(/\s[\d.]+$/, '')).join('\n')
