import { useAuth } from '#server/auth/auth'
import { getSettings } from '#server/services/settings/current-settings'

const DAY_MS = 86_400_000
/** Of its life: of seven days, six. */
const FRESH = 6 / 7

interface RefreshSession {
  expires: string
  /** As the browser sent it. */
  cookie: string
  panelAddress: string
}

/** Prolongs a session that is used, once a day. Returns the cookies that carry its new end; usually none. */
export async function refreshSession({ expires, cookie, panelAddress }: RefreshSession): Promise<string[]> {
  const { sessionDays } = (await getSettings()).signIn
  if (Date.parse(expires) - Date.now() > sessionDays * DAY_MS * FRESH) return []
  const { headers } = await useAuth(panelAddress).api.getSession({
    headers: new Headers({ cookie }),
    returnHeaders: true,
  })
  return headers.getSetCookie()
}
