import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { issueToken } from '#server/services/account/issue-token'
import { linkTo } from '#server/services/settings/link-to'

const SEVEN_DAYS = 7 * 24 * 60

/** The link with which the first person comes in, for the terminal of whoever started the panel. Null once there is a user. */
export async function createSetupLink(): Promise<{ token: string; url: string } | null> {
  const db = useDrizzle()
  if ((await db.$count(users)) > 0) return null

  const token = await issueToken(db, { purpose: 'panel.setup', userId: null, minutes: SEVEN_DAYS })
  return { token, url: await linkTo('/auth/setup', token) }
}
