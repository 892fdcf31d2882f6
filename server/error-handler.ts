import { defineNitroErrorHandler } from 'nitropack/runtime'
import { setResponseHeader, send } from 'h3'
import { AppError } from './errors'
import { pathOf, replyWithFailure } from './http/reply'

/** What is thrown outside a route, below the API: in its format, with nothing of the error itself. */
export default defineNitroErrorHandler(async (error, event) => {
  const path = pathOf(event)
  if (!path.startsWith('/api/') && (event.method === 'GET' || event.method === 'HEAD')) return
  const failure =
    error.statusCode === 413
      ? new AppError('request.too_large')
      : error.statusCode === 405
        ? new AppError('route.wrong_method', { values: { method: event.method, path } })
        : error
  const body = replyWithFailure(event, failure)
  setResponseHeader(event, 'content-type', 'application/json')
  await send(event, JSON.stringify(body))
})
