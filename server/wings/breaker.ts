import { AppError } from '#server/errors'

/** What a call taught about its node: it spoke, it did not, or the call alone may be to blame. */
export type Contact = 'answered' | 'silent' | 'unclear'

const SILENCES_TO_OPEN = 3
const OPEN_FOR_MS = 15_000

interface Line {
  /** In a row: any answer, a refusal too, starts again at zero. */
  silences: number
  /** Until then nobody waits for this node; after it one call may try, and the next one only as much later again. */
  openUntilMs: number
}

export interface Breaker {
  /** Asks, unless the node has been silent lately: then it fails at once. `contactOf` reads what a thrown error says about the node. */
  guarded<Result>(nodeId: string, ask: () => Promise<Result>, contactOf: (error: unknown) => Contact): Promise<Result>
  /** For who asked in a way of his own. */
  note(nodeId: string, contact: Contact): void
  isOpen(nodeId: string): boolean
  /** The node gave a sign of life by another way: the next call may find out whether it answers again. */
  reconsider(nodeId: string): void
}

/** Per process on purpose: each one learns in three calls, and none has to ask another before it may speak to a node. */
export function createBreaker(nowMs: () => number = Date.now): Breaker {
  const lines = new Map<string, Line>()

  function note(nodeId: string, contact: Contact): void {
    if (contact === 'unclear') return
    if (contact === 'answered') {
      lines.delete(nodeId)
      return
    }

    const line = lines.get(nodeId) ?? { silences: 0, openUntilMs: 0 }
    line.silences += 1
    if (line.silences >= SILENCES_TO_OPEN) line.openUntilMs = nowMs() + OPEN_FOR_MS
    lines.set(nodeId, line)
  }

  /** Whether this call may be the one that finds out. It takes the turn: a probe that never ends cannot keep others from theirs. */
  function admits(nodeId: string): boolean {
    const line = lines.get(nodeId)
    if (!line || line.silences < SILENCES_TO_OPEN) return true
    if (nowMs() < line.openUntilMs) return false

    line.openUntilMs = nowMs() + OPEN_FOR_MS
    return true
  }

  return {
    note,

    isOpen: (nodeId) => {
      const line = lines.get(nodeId)
      return line !== undefined && line.silences >= SILENCES_TO_OPEN && nowMs() < line.openUntilMs
    },

    reconsider: (nodeId) => {
      const line = lines.get(nodeId)
      if (line) line.openUntilMs = 0
    },

    async guarded(nodeId, ask, contactOf) {
      if (!admits(nodeId)) throw new AppError('node.unreachable')

      try {
        const result = await ask()
        note(nodeId, 'answered')
        return result
      } catch (error) {
        note(nodeId, contactOf(error))
        throw error
      }
    },
  }
}

/** The one that all calls to nodes go through. */
export const breaker = createBreaker()
