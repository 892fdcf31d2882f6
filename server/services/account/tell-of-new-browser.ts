import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import type { Begun } from '#server/services/account/begin-session'
import { notifyPeople } from '#server/services/notifications/notify-people'

interface Entered extends Pick<Begun, 'browser' | 'others'> {
  user: UserRow
  ip: string
}

/**
 * Tells somebody that he was signed in to from a browser unlike those in which he still is. Who is signed in nowhere else
 * has nothing to compare with: it may be the browser that he signed out of before.
 */
export async function tellOfNewBrowser({ user, browser, others, ip }: Entered): Promise<void> {
  if (others.length === 0 || others.some((other) => kindOf(other) === kindOf(browser))) return
  const slots = { browser: [browser.browserName, browser.osName].filter(Boolean).join(', ') || '–', ip }
  await useDrizzle().transaction((tx) =>
    notifyPeople(tx, [{ userId: user.id, isTold: true }], { kind: 'account.new-browser', slots }),
  )
}

/** Without versions: an update makes no other browser. */
const kindOf = ({ browserName, osName }: Begun['others'][number]) =>
  [browserName, osName].map((name) => (name ?? '').replace(/\s[\d.]+$/, '')).join('\n')
