import { Pool } from 'undici'

/** How a node is reached, and what opens it: any row of nodes has these. */
export interface WingsAddress {
  id: string
  /** Where the panel reaches it; a path, if it has one, stays in front of every call. */
  baseUrl: string
  /** The secret that the node has in memory now: bearer and key of everything signed for it. */
  apiToken: string
  /** What it has soon, during a rotation; else the same. */
  tokenSecret?: string
  /** Any certificate will do. */
  allowInsecure: boolean
}

/**
 * Calls that may take long have connections of their own. Reading a named pipe hangs until the caller gives up, so a few
 * people could otherwise keep a whole node's power buttons waiting. Reads have theirs as they are kept longer.
 */
export type Lane = 'reads' | 'writes' | 'patient'

const CONNECTIONS: Record<Lane, number> = { reads: 16, writes: 16, patient: 32 }
const CONNECT_TIMEOUT_MS = 5_000
/**
 * Nodes are asked every ten seconds: without their connections each question would begin with a handshake. A proxy may close
 * one in the moment in which it is used again: a read is then asked once more, and nothing else may be, so it is not kept.
 */
const KEEP_ALIVE_MS: Record<Lane, number> = { reads: 30_000, writes: 4_000, patient: 4_000 }

interface Held {
  reachedBy: string
  pools: Partial<Record<Lane, Pool>>
}

const heldByNode = new Map<string, Held>()

/** The node's own connections, so that one that hangs fills nothing but its own. */
export function connectionsTo({ id, baseUrl, allowInsecure }: Omit<WingsAddress, 'apiToken'>, lane: Lane): Pool {
  const { origin } = new URL(baseUrl)
  const reachedBy = `${origin} ${allowInsecure}`

  const before = heldByNode.get(id)
  if (before && before.reachedBy !== reachedBy) closeAll(before)
  const held = before?.reachedBy === reachedBy ? before : { reachedBy, pools: {} }
  heldByNode.set(id, held)

  held.pools[lane] ??= new Pool(origin, {
    connections: CONNECTIONS[lane],
    connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: !allowInsecure },
    // One call a connection, as Wings' file routes are slow; each call's own deadline is the only clock.
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS[lane],
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  return held.pools[lane]
}

/** Calls under way end as they would have. */
function closeAll({ pools }: Held): void {
  for (const pool of Object.values(pools)) {
    pool.close().catch(() => {
      // Closed twice, or never opened: either way it is gone.
    })
  }
}
