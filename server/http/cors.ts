import { appendResponseHeader, getHeader, setResponseHeaders, setResponseStatus, type H3Event } from 'h3'
import { getSettings } from '#server/services/settings/current-settings'
import { pathOf } from './reply'

/** Nodes and our own pages have no need of it. */
const CALLABLE = /^\/api\/(client|application)(\/|$)/
const METHODS = 'GET, POST, PUT, PATCH, DELETE, HEAD'

/**
 * Lets pages of the listed origins read the API. Whoever may write with a cookie is decided by `assertSameOrigin` all the
 * same: a listed origin may not. True when the request was a question before another one, and is answered by that.
 */
export async function answerOrigin(event: H3Event): Promise<boolean> {
  const origin = getHeader(event, 'origin')
  if (!origin || !CALLABLE.test(pathOf(event))) return false

  const isQuestion = event.method === 'OPTIONS' && getHeader(event, 'access-control-request-method') !== undefined
  const isListed = (await getSettings()).api.corsOrigins.split('\n').includes(origin)
  appendResponseHeader(event, 'vary', 'Origin')
  if (isListed) {
    setResponseHeaders(event, {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    })
  }
  if (!isQuestion) return false

  if (isListed) {
    setResponseHeaders(event, {
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': getHeader(event, 'access-control-request-headers') ?? '',
      'access-control-max-age': 0,
    })
  }
  setResponseStatus(event, 204)
  return true
}
