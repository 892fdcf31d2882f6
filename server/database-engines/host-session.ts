import type { DatabaseEngine } from '#shared/contracts/database-fields'
import type { TlsMode } from '#shared/contracts/application/database-hosts'

/** Where a host is, and as whom the panel signs in there. */
export interface HostAddress {
  engine: DatabaseEngine
  host: string
  port: number
  username: string
  password: string
  tlsMode: TlsMode
}

/** A database with the account that reaches it. */
export interface Account {
  database: string
  username: string
  /** Where connections may come from. PostgreSQL decides that in a file of its own, and knows nothing of it. */
  remote: string
}

export interface NewAccount extends Account {
  password: string
  /** Null and 0: as many as the host takes. */
  maxConnections: number | null
}

/** One connection to a host, in the words that every engine has. */
export interface HostSession {
  describe: () => Promise<{ version: string; isEncrypted: boolean }>
  /**
   * Whoever changes one database on the host goes before the next, whichever process he is in; given back when the
   * session ends. False: somebody else has been at it for the whole time.
   */
  hold: (database: string) => Promise<boolean>
  has: (database: string) => Promise<boolean>
  /** Makes both. What a failure leaves halfway is for `drop`. */
  create: (account: NewAccount) => Promise<void>
  /** The same account with this password, and with no connection left of those that knew another. */
  renew: (account: NewAccount) => Promise<void>
  /**
   * Takes both away, whatever of them is there. `ifUnused` leaves a database that somebody has put something into:
   * nobody ever had the key to ours.
   */
  drop: (account: Account, options?: { ifUnused?: boolean }) => Promise<void>
  /** Bytes, of those that the host has. */
  sizesOf: (databases: readonly string[]) => Promise<Map<string, number>>
}

/** A session that may be cut off at any moment. */
export interface OpenSession {
  session: HostSession
  close: () => void
}

/** Both engines cut a lock's name, or a wait for it, in their own way; this is what we ask of them. */
export const HOLD_SECONDS = 5
