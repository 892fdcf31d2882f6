import type { Writable } from 'node:stream'
import { UtcClient } from './utc-client.ts'

/** A prepared statement, told from others by its name (at most 63 bytes); its rows come as arrays. */
export interface ShortRead {
  name: string
  text: string
  values: unknown[]
  rowMode: 'array'
}

export interface Reader {
  /** Rejects with the driver's error; a connection that was lost is replaced at the next read. */
  query: (read: ShortRead, values?: unknown[]) => Promise<{ rows: unknown[][] }>
  end: () => Promise<void>
}

/** What is asked within one turn of the loop leaves in one piece. The connection is not among the declared members. */
function gather(client: UtcClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  setImmediate(() => stream.uncork())
}

/** To connect, and for each answer: behind a read that hangs nobody else would get his. */
const WITHIN_MS = 10_000

/**
 * One connection for what a request reads by a key: statements go out without waiting for the answers to those before
 * them (pipelining), so a crowd of requests wakes the database once and not once for each. They are answered in turn:
 * nothing that may take long belongs here, no transaction and nothing that writes.
 */
export function makeReader(connectionString: string, withinMs = WITHIN_MS): Reader {
  let client: UtcClient | undefined
  let opening: Promise<UtcClient> | undefined
  let isEnded = false

  function open(): Promise<UtcClient> {
    const opened = new UtcClient({
      connectionString,
      pipeline: true,
      connectionTimeoutMillis: withinMs,
      query_timeout: withinMs,
    })
    opened.once('connect', () => (client = opened))
    opened.on('error', () => client === opened && (client = undefined))
    opening = opened
      .connect()
      .then(() => opened)
      .finally(() => (opening = undefined))
    return opening
  }

  return {
    async query(read, values) {
      if (isEnded) throw new Error('The reader was ended.')
      const asked = client ?? (await (opening ?? open()))
      gather(asked)
      return asked.query<unknown[]>(read, values)
    },
    async end() {
      isEnded = true
      await opening?.catch(() => {})
      await client?.end()
    },
  }
}
