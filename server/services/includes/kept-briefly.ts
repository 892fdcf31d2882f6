import { isHearing, onTopic } from '#server/events/listen'
import type { Topic } from '#server/events/topics'

/** What no hint speaks of (what a node was promised, when it was seen) is never older. */
const KEPT_MS = 1000

interface Kept<Value> {
  /** What is known of these, as it is now: a hint may come while the rest is asked for. */
  look: (ids: readonly string[]) => { found: Map<string, Value>; missing: string[] }
  keep: (found: ReadonlyMap<string, Value>) => void
}

/**
 * What every page of a list shows again (a node, an egg's variables), for a second, and no longer than until a hint says
 * that it changed. A process that hears no hints keeps nothing.
 */
export function keptBriefly<Value>(topics: readonly Topic[]): Kept<Value> {
  const kept = new Map<string, { value: Value; until: number }>()
  for (const topic of topics) onTopic(topic, () => kept.clear())

  return {
    look(ids) {
      const now = isHearing() ? Date.now() : Number.POSITIVE_INFINITY
      const found = new Map<string, Value>()
      const missing = new Set<string>()
      for (const id of ids) {
        const known = kept.get(id)
        if (known && known.until > now) found.set(id, known.value)
        else missing.add(id)
      }
      return { found, missing: [...missing] }
    },
    keep(found) {
      const until = Date.now() + KEPT_MS
      for (const [id, value] of found) kept.set(id, { value, until })
    },
  }
}
