import type { WingsSocket } from './useWingsSocket'

export interface StatsSample {
  /** ms since 1970. */
  at: number
  /** 100 is one thread. */
  cpuPercent: number
  memoryBytes: number
  memoryLimitBytes: number
  diskBytes: number
  /** Bytes a second; null where the counters began anew. */
  receivedPerSecond: number | null
  sentPerSecond: number | null
  uptimeMs: number
}

/** A quarter of an hour, one a second. */
const SAMPLES_MAX = 900

interface WireStats {
  memory_bytes: number
  memory_limit_bytes: number
  cpu_absolute: number
  network: { rx_bytes: number; tx_bytes: number }
  uptime: number
  state: string
  disk_bytes: number
}

const POWER_STATES: readonly string[] = ['offline', 'starting', 'running', 'stopping']
const isPower = (state: string): state is PowerState => POWER_STATES.includes(state)

/** Power and use of a server as its socket tells them. Null in a series is a gap: nothing was known then. */
export function useServerStats(socket: WingsSocket) {
  const power = ref<PowerState>()
  const latest = shallowRef<StatsSample>()
  const samples = shallowRef<readonly StatsSample[]>([])
  let counters: { at: number; received: number; sent: number } | undefined

  function take(text: string): void {
    const wire = statsOf(text)
    if (!wire) return
    if (isPower(wire.state)) power.value = wire.state
    const at = Date.now()
    const sample: StatsSample = {
      at,
      cpuPercent: wire.cpu_absolute,
      memoryBytes: wire.memory_bytes,
      memoryLimitBytes: wire.memory_limit_bytes,
      diskBytes: wire.disk_bytes,
      ...ratesOf(wire.network, at),
      uptimeMs: wire.uptime,
    }
    latest.value = sample
    samples.value = [...samples.value.slice(-(SAMPLES_MAX - 1)), sample]
  }

  function ratesOf({ rx_bytes: received, tx_bytes: sent }: WireStats['network'], at: number) {
    const before = counters
    counters = { at, received, sent }
    const seconds = before ? (at - before.at) / 1000 : 0
    const rate = (now: number, then: number) => (now < then ? null : (now - then) / seconds)
    return before && seconds > 0 && seconds < 10
      ? { receivedPerSecond: rate(received, before.received), sentPerSecond: rate(sent, before.sent) }
      : { receivedPerSecond: null, sentPerSecond: null }
  }

  const stops = [
    socket.on('status', (state) => {
      if (!isPower(state)) return
      power.value = state
      if (state === 'offline') counters = undefined
    }),
    socket.on('stats', take),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))

  return { power, latest: readonly(latest), samples }
}

function statsOf(text: string): WireStats | undefined {
  try {
    const wire = JSON.parse(text) as Partial<WireStats>
    return wire.network && typeof wire.cpu_absolute === 'number' ? (wire as WireStats) : undefined
  } catch {
    return undefined
  }
}
