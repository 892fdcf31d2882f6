import type { Heard, Topic } from '~/utils/event-stream'

type Listener<Name extends Topic = Topic> = (data: Heard[Name]) => void

const listeners = new Map<Topic, Set<Listener>>()
const isLost = ref(false)

/** Tells this tab's pages; called by the plugin that keeps the stream. */
export function tellListeners<Name extends Topic>(topic: Name, data: Heard[Name]): void {
  for (const listener of listeners.get(topic) ?? []) (listener as Listener<Name>)(data)
}

export function noteConnection(lost: boolean): void {
  isLost.value = lost
}

/**
 * Hints that something changed, for as long as the component lives. `on('server', ({ server, what }) => …)`; a hint says
 * what to ask for again, never what it is now. `opened` comes when the stream begins, and
 * when it is back: what was missed is asked once.
 */
export function useEvents() {
  function on<Name extends Topic>(topic: Name, listener: Listener<Name>): () => void {
    const set = listeners.get(topic) ?? new Set()
    listeners.set(topic, set.add(listener as Listener))
    const off = () => void set.delete(listener as Listener)
    onScopeDispose(off, true)
    return off
  }

  /** Runs after hints that `isAbout` takes, at most twice a second however many come, and when the stream opens. */
  function refreshOn<Name extends Topic>(
    topic: Name,
    isAbout: (data: Heard[Name]) => boolean,
    refresh: () => unknown,
  ): void {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        void refresh()
      }, 500)
    }
    on(topic, (data) => isAbout(data) && soon())
    on('opened', soon)
    onScopeDispose(() => clearTimeout(waiting), true)
  }

  return { on, refreshOn, isLost: readonly(isLost) }
}
