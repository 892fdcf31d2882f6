import type { WingsSocket } from './useWingsSocket'

export interface ConsoleLine {
  kind: 'output' | 'daemon' | 'install' | 'command' | 'error'
  text: string
  /** ms since 1970, by this browser's clock. */
  at: number
}

const KEPT_USUALLY = 5000

/** The lines of a console, the newest last. Readers hear of them in batches, at most once a frame. */
export function useConsoleLines(socket: WingsSocket, { kept = () => KEPT_USUALLY }: { kept?: () => number } = {}) {
  const lines: ConsoleLine[] = []
  const readers = new Set<(fresh: readonly ConsoleLine[]) => void>()
  const count = ref(0)
  let waiting: ConsoleLine[] = []
  let isScheduled = false

  function add(kind: ConsoleLine['kind'], raw: string): void {
    waiting.push({ kind, text: consoleLine(raw), at: Date.now() })
    if (isScheduled) return
    isScheduled = true
    // A hidden tab paints no frames, but its lines still count.
    if (document.hidden) setTimeout(flush, 250)
    else requestAnimationFrame(flush)
  }

  function flush(): void {
    isScheduled = false
    const fresh = waiting
    waiting = []
    lines.push(...fresh)
    if (lines.length > kept()) lines.splice(0, lines.length - kept())
    count.value = lines.length
    for (const reader of readers) reader(fresh)
  }

  /** Hears all that comes, after what is there. Returns how to stop. */
  function read(reader: (fresh: readonly ConsoleLine[]) => void): () => void {
    reader(lines)
    readers.add(reader)
    return () => readers.delete(reader)
  }

  function clear(): void {
    lines.length = 0
    count.value = 0
  }

  // The log is sent anew after a loss; what was there would stand twice.
  let wasLost = false
  watch(socket.state, (state) => {
    if (state === 'reconnecting') wasLost = true
    if (state === 'open' && wasLost) {
      wasLost = false
      clear()
      for (const reader of resets) reader()
    }
  })
  const resets = new Set<() => void>()
  const onReset = (reader: () => void) => {
    resets.add(reader)
    return () => resets.delete(reader)
  }

  const kinds = {
    'console output': 'output',
    'daemon message': 'daemon',
    'install output': 'install',
    'transfer logs': 'daemon',
    'daemon error': 'error',
  } as const
  const stops = Object.entries(kinds).map(([event, kind]) => socket.on(event, (line) => add(kind, line)))
  onScopeDispose(() => stops.forEach((stop) => stop()))

  return { count: readonly(count), all: () => lines as readonly ConsoleLine[], add, read, clear, onReset }
}

export type ConsoleLines = ReturnType<typeof useConsoleLines>
