/** One entry of what the API answers when it refuses. */
export interface Failure {
  code: string
  status: string
  detail: string
  meta: { reason?: string; rule?: string; sentence?: string; source_field?: string } & Record<string, unknown>
}

export const INTERNAL: Failure = {
  code: 'HttpException',
  status: '500',
  detail: 'Something went wrong.',
  meta: { reason: 'internal' },
}

/** Nothing answered: no connection, or nobody at the other end. */
const SILENT: Failure = {
  code: 'NoAnswer',
  status: '0',
  detail: 'The panel did not answer.',
  meta: { reason: 'no_answer' },
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function asFailure(entry: unknown): Failure | undefined {
  if (!isObject(entry) || typeof entry.detail !== 'string') return undefined
  return {
    code: String(entry.code ?? INTERNAL.code),
    status: String(entry.status ?? INTERNAL.status),
    detail: entry.detail,
    meta: isObject(entry.meta) ? entry.meta : {},
  }
}

/**
 * What went wrong, whatever was thrown: the server's own report if it sent one, else `internal`. `$fetch` throws the
 * reply as `data`; `useAsyncData` wraps what was thrown once more and loses its class, but keeps that.
 */
export function failuresOf(error: unknown): [Failure, ...Failure[]] {
  const data = isObject(error) ? error.data : undefined
  const sent = isObject(data) && Array.isArray(data.errors) ? data.errors : []
  const [first, ...rest] = sent.map(asFailure).filter((failure) => failure !== undefined)
  if (first) return [first, ...rest]

  return [isObject(error) && error.name === 'FetchError' && !statusOf(error) ? SILENT : INTERNAL]
}

/** The HTTP status of what was thrown; 0 where nothing answered. */
export function statusOf(error: unknown): number {
  if (!isObject(error)) return 0
  const status = error.statusCode ?? error.status
  return typeof status === 'number' ? status : 0
}

/** What whoever runs the panel finds the request by in the log. */
export function requestIdOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined
  if (typeof error.requestId === 'string') return error.requestId
  const reply = error.response
  return reply instanceof Response ? (reply.headers.get('x-request-id') ?? undefined) : undefined
}
