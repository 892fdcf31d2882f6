const SECRETIVE = /authorization|cookie|password|token|secret|api.?key|recovery.?code/i
const DEEPEST = 6

/** A copy in which every field that is named like a credential is blacked out. Errors stay, for the serializer. */
export function redact(fields: Record<string, unknown>): Record<string, unknown> {
  return copy(fields, 0) as Record<string, unknown>
}

function copy(value: unknown, depth: number): unknown {
  if (value instanceof Error) {
    return depth <= 1 ? value : describeError(value)
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) {
    return value
  }
  if (depth >= DEEPEST) {
    return '…'
  }
  if (Array.isArray(value)) {
    return value.map((one) => copy(one, depth + 1))
  }

  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      SECRETIVE.test(name) && one ? '[redacted]' : copy(one, depth + 1),
    ]),
  )
}

interface DescribedError {
  type: string
  message: string
  stack?: string
  code?: string
  table?: string
  constraint?: string
  cause?: DescribedError
}

/**
 * Named fields only. A database error carries whole rows in `detail`, an error of the query builder every parameter in its
 * message, an error of the HTTP client the request with its headers.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error
  }

  const { code, table, constraint } = error as Error & Record<'code' | 'table' | 'constraint', unknown>
  const described: DescribedError = { type: error.name, message: withoutParameters(error.message) }
  if (error.stack) {
    described.stack = withoutParameters(error.stack)
  }
  if (typeof code === 'string') {
    described.code = code
  }
  if (typeof table === 'string') {
    described.table = table
  }
  if (typeof constraint === 'string') {
    described.constraint = constraint
  }
  if (error.cause instanceof Error) {
    described.cause = describeError(error.cause) as DescribedError
  }

  return described
}

const withoutParameters = (text: string) => text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/, '')
