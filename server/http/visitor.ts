import { appendResponseHeader, getHeader, setCookie, type H3Event } from 'h3'
import { SESSION_COOKIE } from '#server/auth/identify'
import type { Visitor } from '#server/services/account/visitor'
import { clientAddress } from './address'
import { panelAddress } from './panel-address'

export const visitorOf = (event: H3Event): Visitor => ({
  panelAddress: panelAddress(event),
  ip: clientAddress(event),
  userAgent: getHeader(event, 'user-agent') ?? null,
})

/** Hands on what a service has signed. */
export function passCookies(event: H3Event, cookies: readonly string[]): void {
  for (const cookie of cookies) appendResponseHeader(event, 'set-cookie', cookie)
}

/** Under either of its names: the panel may have moved from http to https meanwhile. */
export function clearSessionCookie(event: H3Event): void {
  const gone = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 0 } as const
  setCookie(event, SESSION_COOKIE, '', gone)
  setCookie(event, `__Secure-${SESSION_COOKIE}`, '', { ...gone, secure: true })
}
