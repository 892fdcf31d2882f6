import { createHmac } from 'node:crypto'
import { useEnv } from '#server/env'
import { SESSION_COOKIE } from './identify'

interface SessionCookie {
  token: string
  /** The panel's own, as the browser uses it. */
  panelAddress: string
  seconds: number
}

/** The cookie that carries a session: named and signed as the library does, which prolongs it. */
export function sessionCookie({ token, panelAddress, seconds }: SessionCookie): string {
  const signature = createHmac('sha256', useEnv().APP_SECRET).update(token).digest('base64')
  const [prefix, secure] = panelAddress.startsWith('https:') ? ['__Secure-', ' Secure;'] : ['', '']
  const value = encodeURIComponent(`${token}.${signature}`)
  return `${prefix}${SESSION_COOKIE}=${value}; Max-Age=${seconds}; Path=/; HttpOnly;${secure} SameSite=Lax`
}
