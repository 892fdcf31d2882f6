import { getCookie, getHeader, type H3Event } from 'h3'
import { AppError } from '#server/errors'
import { panelAddress, requestOrigin } from './panel-address'

/**
 * A write with a cookie must come from our own pages: by its Origin, or, where a client that is no browser sends none,
 * by the token of `/sanctum/csrf-cookie`, which another site can neither read nor send.
 *
 * @throws {AppError} `request.cross_site`
 */
export function assertSameOrigin(event: H3Event): void {
  if (event.method === 'GET' || event.method === 'HEAD' || event.method === 'OPTIONS') return

  const origin = getHeader(event, 'origin')
  if (origin && (origin === panelAddress(event) || origin === requestOrigin(event))) return
  if (!origin && getHeader(event, 'sec-fetch-site') === 'same-origin') return

  const token = getCookie(event, 'XSRF-TOKEN')
  if (!origin && token && getHeader(event, 'x-xsrf-token') === token) return
  throw new AppError('request.cross_site')
}

/**
 * For what nobody has to be signed in for: a page of somebody else's may not sign a browser in or out, but a client
 * that is no browser needs no proof, as it brings no cookie that could be misused.
 *
 * @throws {AppError} `request.cross_site`
 */
export function assertNotForeign(event: H3Event): void {
  if (getHeader(event, 'origin') || getHeader(event, 'cookie')) assertSameOrigin(event)
}
