import { wings, type WingsAddress } from '#server/wings/client'
import type { LiveServer } from '#server/wings/servers'

export type { LiveServer } from '#server/wings/servers'

interface Times {
  /** An answer younger than this is everybody's answer. */
  freshMs: number
  /** The longest that anybody waits for a node, counted from the moment it was asked. */
  waitMs: number
  /** Older than that, a value says nothing any more. */
  keepMs: number
}

const TIMES: Times = { freshMs: 3_000, waitMs: 800, keepMs: 10_000 }

export interface Seen {
  server: LiveServer
  atMs: number
}

interface Known {
  servers: ReadonlyMap<string, LiveServer> | null
  /** Of `servers`. */
  atMs: number
  askedAtMs: number
  /** The question under way; it never rejects. */
  answer: Promise<void> | null
  /** The last question came to nothing: nobody waits for the next one. */
  isSilent: boolean
}

/**
 * What servers do right now, by node: each node is asked once for all who look on, however many and however often, and one
 * that is silent is waited for by nobody. Per process, in memory.
 */
export function createLiveStates({ freshMs, waitMs, keepMs }: Times = TIMES) {
  const knownByNode = new Map<string, Known>()

  function ask(node: WingsAddress, known: Known): void {
    known.askedAtMs = Date.now()
    known.answer = wings(node)
      .servers.list()
      .then(
        (servers) => {
          known.servers = new Map(servers.map((server) => [server.uuid, server]))
          known.atMs = Date.now()
          known.isSilent = false
        },
        () => {
          known.isSilent = true
        },
      )
      .finally(() => {
        known.answer = null
      })
  }

  function knownOf({ id }: WingsAddress): Known {
    const known = knownByNode.get(id) ?? { servers: null, atMs: 0, askedAtMs: 0, answer: null, isSilent: false }
    knownByNode.set(id, known)
    return known
  }

  return {
    /** Every server of the node by its uuid; null while the node does not say. */
    async of(node: WingsAddress): Promise<ReadonlyMap<string, LiveServer> | null> {
      const known = knownOf(node)
      if (known.servers && Date.now() - known.atMs < freshMs) return known.servers

      if (!known.answer && Date.now() - known.askedAtMs >= freshMs) ask(node, known)
      const leftMs = known.askedAtMs + waitMs - Date.now()
      if (known.answer && !known.isSilent && leftMs > 0) await Promise.race([known.answer, passing(leftMs)])

      return known.servers && Date.now() - known.atMs < keepMs ? known.servers : null
    },

    /**
     * The same for who has time: the answer, however long the node takes for it, and when it came. Null where none comes.
     * `youngerThanMs` is for who acts upon it.
     */
    async now(
      node: WingsAddress,
      youngerThanMs = freshMs,
    ): Promise<{ servers: ReadonlyMap<string, LiveServer>; atMs: number } | null> {
      const known = knownOf(node)
      if (!known.servers || Date.now() - known.atMs >= youngerThanMs) {
        if (!known.answer) ask(node, known)
        await known.answer
        if (known.isSilent) return null
      }
      return known.servers && { servers: known.servers, atMs: known.atMs }
    },

    /** What is known without asking anybody. */
    lastSeen(nodeId: string, server: string): Seen | undefined {
      const known = knownByNode.get(nodeId)
      const live = known?.servers?.get(server)
      return known && live && { server: live, atMs: known.atMs }
    },
  }
}

/** The ones that all of this process look at. */
export const liveStates = createLiveStates()

const passing = (ms: number) => new Promise<void>((done) => setTimeout(done, ms).unref())
