import { appendResponseHeader, getCookie, getHeader, setCookie, type H3Event } from 'h3'
import { SESSION_COOKIE } from '#server/auth/identify'
import type { Visitor } from '#server/services/account/visitor'
import { clientAddress } from './address'
import { panelAddress } from './panel-address'

export const visitorOf = (event: H3Event): Visitor => ({
  panelAddress: panelAddress(event),
  ip: clientAddress(event),
  userAgent: getHeader(event, 'user-agent') ?? null,
  trustTokens: trustTokensOf(event),
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

const TRUST_COOKIE = 'panel.trusted_browser'
const TRUSTED_FOR_S = 30 * 86_400
/** Several people may sign in with one browser. */
const TRUSTED_BY_MAX = 5

const isSecure = (event: H3Event) => panelAddress(event).startsWith('https:')
const trustCookieOf = (event: H3Event) => (isSecure(event) ? `__Secure-${TRUST_COOKIE}` : TRUST_COOKIE)

const trustTokensOf = (event: H3Event): string[] =>
  (getCookie(event, trustCookieOf(event)) ?? '')
    .split('.')
    .filter((token) => /^[\w-]{43}$/.test(token))
    .slice(0, TRUSTED_BY_MAX)

/** Keeps what the sign-in asks for next time, and only the sign-in is ever sent it. */
export function keepTrust(event: H3Event, token: string): void {
  const tokens = [token, ...trustTokensOf(event)].slice(0, TRUSTED_BY_MAX)
  setCookie(event, trustCookieOf(event), tokens.join('.'), {
    path: '/auth',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(event),
    maxAge: TRUSTED_FOR_S,
  })
}

const VISIT_COOKIE = 'panel.visit'
/** Only there is it wanted. Lax: a provider sends people back by a link. */
const visitCookie = { path: '/auth/callback', httpOnly: true, sameSite: 'lax' } as const

/** What this browser has to show when a provider sends it back. */
export function keepVisitSecret(event: H3Event, secret: string, maxAge: number): void {
  setCookie(event, VISIT_COOKIE, secret, { ...visitCookie, secure: isSecure(event), maxAge })
}

/** Once: what it opens is used up with it. */
export function takeVisitSecret(event: H3Event): string | undefined {
  const secret = getCookie(event, VISIT_COOKIE)
  if (secret !== undefined) setCookie(event, VISIT_COOKIE, '', { ...visitCookie, maxAge: 0 })
  return secret
}
