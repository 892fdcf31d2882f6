import { defineEventHandler, type H3Event } from 'h3'
import { AppError } from '#server/errors'
import { pathOf, replyWithFailure } from '#server/http/reply'

/** What no other route answers, in JSON: else the page's HTML would. (With a name in its brackets it would miss wrong methods.) */
export default defineEventHandler((event) => {
  const path = pathOf(event)
  const failure = isKnown(event)
    ? new AppError('route.wrong_method', { values: { method: event.method, path } })
    : new AppError('route.not_found', { values: { path } })
  return replyWithFailure(event, failure)
})

/** The router names the route that fits the path, even where that has no handler for the method. */
const isKnown = (event: H3Event): boolean => !(event.context.matchedRoute?.path ?? '/**').endsWith('/**')
