import { useAuth } from '#server/auth/auth'

const DAY_MS = 86_400_000
/** A session lasts seven days from the last day on which it was used. */
const FRESH_FOR_MS = 6 * DAY_MS

interface RefreshSession {
  expires: string
  /** As the browser sent it. */
  cookie: string
  panelAddress: string
}

/** Prolongs a session that is used, once a day. Returns the cookies that carry its new end; usually none. */
export async function refreshSession({ expires, cookie, panelAddress }: RefreshSession): Promise<string[]> {
  if (Date.parse(expires) - Date.now() > FRESH_FOR_MS) return []
  const { headers } = await useAuth(panelAddress).api.getSession({
    headers: new Headers({ cookie }),
    returnHeaders: true,
  })
  return headers.getSetCookie()
}
