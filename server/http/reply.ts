import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { setResponseHeader, setResponseStatus, type H3Event } from 'h3'
import type { z } from 'zod'
import { isDatabaseAway } from '#server/database/away'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { serializeFailure } from '#server/serializers/failure'
import { jsonOf } from '#server/serializers/written'

const isWatched = process.env.NODE_ENV !== 'production'

/** A reply in JSON. While developing and testing it is held to its contract. */
export function writeReply(event: H3Event, schema: z.ZodType, answer: unknown): string {
  const text = jsonOf(answer)
  if (isWatched) assertPromised(schema, JSON.parse(text))
  setResponseHeader(event, 'content-type', 'application/json')
  return text
}

/** An unknown key is refused instead of stripped: a parser that strips would hide in tests the leak that production sends. */
function assertPromised(schema: z.ZodType, told: unknown): void {
  if (!isDeepStrictEqual(schema.parse(told), told))
    throw new TypeError('The reply has keys that its contract does not name.')
}

export const requestIdOf = (event: H3Event): string => {
  const context = event.context as { requestId?: string }
  context.requestId ??= crypto.randomUUID()
  return context.requestId
}

/** How soon it is worth to ask again: a restart of PostgreSQL takes seconds. */
const DATABASE_RETRY_S = 5

function failureOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  return isDatabaseAway(thrown)
    ? new AppError('panel.database_away', { cause: thrown, retryAfterSeconds: DATABASE_RETRY_S })
    : new AppError('internal', { cause: thrown })
}

/** Answers in the API's format. What is no `AppError` is a bug: logged here, told to nobody. */
export function replyWithFailure(event: H3Event, thrown: unknown) {
  const failure = failureOf(thrown)
  const requestId = requestIdOf(event)
  const request = { requestId, method: event.method, path: pathOf(event) }
  if (failure.code === 'internal') logger.error({ err: thrown, ...request }, 'request failed')
  // A node that is away is its own trouble, and every page of its servers says so.
  else if (failure.status >= 500 && failure.code !== 'panel.maintenance')
    logger.warn({ code: failure.code, cause: causeOf(failure), ...request }, 'request could not be served')

  setResponseStatus(event, failure.status)
  setResponseHeader(event, 'x-request-id', requestId)
  setResponseHeader(event, 'cache-control', 'no-store')
  if (failure.code === 'node.credentials_missing') setResponseHeader(event, 'www-authenticate', 'Bearer')
  if (failure.retryAfterSeconds !== undefined) tellWhenAgain(event, failure)

  const errors = serializeFailure(failure)
  if (failure.status < 500) return { errors }
  return { errors: errors.map(({ meta, ...told }) => ({ ...told, meta: { ...meta, request_id: requestId } })) }
}

/** Clients that wait for a limit read the last two. */
function tellWhenAgain(event: H3Event, { status, retryAfterSeconds = 0 }: AppError): void {
  setResponseHeader(event, 'retry-after', retryAfterSeconds)
  if (status !== 429) return
  setResponseHeader(event, 'x-ratelimit-remaining', '0')
  setResponseHeader(event, 'x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + retryAfterSeconds))
}

const causeOf = ({ cause }: Error): string | undefined =>
  cause instanceof Error ? String((cause.cause as { code?: string } | undefined)?.code ?? cause.message) : undefined

/** Without the query: it may hold a one-time token. */
export const pathOf = (event: H3Event): string => event.path.split('?', 1)[0] ?? ''

/** Bytes instead of a document; nothing in a browser may run them. */
export function answerBytes(event: H3Event, bytes: Buffer | Readable, type: string): void {
  ;(event.context as Answered).answered = { bytes }
  setResponseHeader(event, 'content-type', type)
  setResponseHeader(event, 'content-security-policy', 'sandbox')
}

/** Text that is made while it is sent: what the reader does not take is not read from the database either. */
export const answerLines = (event: H3Event, lines: AsyncIterable<string>, type: string): void =>
  answerBytes(event, Readable.from(lines), type)

interface Answered {
  answered?: { bytes: Buffer | Readable }
}

export const answeredBytes = (event: H3Event): Buffer | Readable | undefined =>
  (event.context as Answered).answered?.bytes

/** To another page of ours, by a reply that nothing keeps. */
export function answerRedirect(event: H3Event, path: `/${string}`): void {
  ;(event.context as { redirected?: boolean }).redirected = true
  setResponseStatus(event, 302)
  setResponseHeader(event, 'location', path)
  setResponseHeader(event, 'cache-control', 'no-store')
}

export const isRedirected = (event: H3Event): boolean => (event.context as { redirected?: boolean }).redirected === true
