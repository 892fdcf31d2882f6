/** Whether the host gave no answer, or one that says no. */
type Kind = 'silent' | 'refused'

/**
 * What went wrong with a host, in its own words. Built anew from the driver's error, which carries the statement, and
 * with it passwords: nothing else of that error is kept.
 */
export class HostTrouble extends Error {
  readonly kind: Kind
  readonly code: string

  constructor(kind: Kind, code: string, said: string) {
    super(said)
    this.name = 'HostTrouble'
    this.kind = kind
    this.code = code
  }
}

/** Said while a host goes down, comes up, or is full: the next try may be answered. */
const PASSING = new Set([
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_NORMAL_SHUTDOWN',
  '57P01',
  '57P02',
  '57P03',
  '53300',
])

const DRIVERS_OWN: Record<string, string> = {
  ECONNREFUSED: 'Connection refused: nothing listens there.',
  ENOTFOUND: 'The name of the host has no address.',
  EAI_AGAIN: 'The name of the host cannot be looked up.',
  ETIMEDOUT: 'The host does not answer.',
  ECONNRESET: 'The host broke off the connection.',
  EPIPE: 'The host broke off the connection.',
  PROTOCOL_CONNECTION_LOST: 'The host broke off the connection.',
  HANDSHAKE_NO_SSL_SUPPORT: 'The host does not offer encrypted connections.',
}

interface DriverError {
  code?: string
  message: string
  /** MySQL's sentence, without the statement. */
  sqlMessage?: string
  sqlState?: string
  /** PostgreSQL's. */
  severity?: string
}

/** `secrets` are taken out of what the host said. */
export function troubleOf(thrown: unknown, secrets: readonly string[]): HostTrouble {
  if (thrown instanceof HostTrouble) return thrown
  const { code = 'UNKNOWN', message, sqlMessage, sqlState, severity } = thrown as DriverError
  const isAnswer = sqlState !== undefined || severity !== undefined
  const said = isAnswer ? (sqlMessage ?? message) : (DRIVERS_OWN[code] ?? message)
  const kind = isAnswer && !PASSING.has(code) ? 'refused' : 'silent'
  return new HostTrouble(kind, code, without(secrets, said))
}

const without = (secrets: readonly string[], said: string): string =>
  secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '…')), said)

export const tooSlow = (): HostTrouble => new HostTrouble('silent', 'ETIMEDOUT', 'The host does not answer in time.')
