/** Shut down, crashed, still starting; full; a connection it gave up; who may not in, and where to is not there. */
const SAID = /^(57P0[123]|53300|08...|28...|3D000)$/

/** What the driver says of a connection that is gone or does not come about; none of these has a code. */
const TOLD = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
])

/** Errors of sockets to the database: by their codes alone they could be anybody's. */
const lost = new WeakSet<Error>()
export const noteLost = (error: Error): void => void lost.add(error)

/** Whether an error means that the database cannot be asked right now, and not that it was asked wrongly. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code = '' } = cause as Error & { code?: string }
    if (lost.has(cause) || SAID.test(code) || TOLD.has(cause.message)) return true
  }
  return false
}
