import { totalmem } from 'node:os'
import type { WingsState } from '../server/contracts/remote.ts'
import type { GameServer } from './server.ts'

export interface Utilization {
  memory_bytes: number
  memory_limit_bytes: number
  cpu_absolute: number
  network: { rx_bytes: number; tx_bytes: number }
  disk_io?: { read_bytes: number; write_bytes: number }
  /** Milliseconds. */
  uptime: number
  state: WingsState
  disk_bytes: number
}

/** What a container may use beyond its limit, so that a game that reaches it is not killed at once. */
function overhead(mib: number): number {
  if (mib <= 2_048) return 1.15
  return mib <= 4_096 ? 1.1 : 1.05
}

export function memoryLimitBytes(server: GameServer): number {
  const mib = server.configuration.settings.build.memory_limit
  if (mib <= 0) return totalmem()
  const unit = server.flavour === 'pelican' ? 1_048_576 : 1_000_000
  return Math.round(mib * overhead(mib) * unit)
}

/** Invented, but plausible: load that moves, counters that grow. All zero when nothing runs. */
export function utilizationOf(server: GameServer): Utilization {
  const uptime = server.startedAt === null ? 0 : Date.now() - server.startedAt
  const isUp = server.startedAt !== null
  const wave = Math.sin(uptime / 9_000) / 2 + 0.5
  const limit = memoryLimitBytes(server)
  const cores = (server.configuration.settings.build.cpu_limit || 200) / 100
  const idle = { read_bytes: 0, write_bytes: 0 }

  return {
    memory_bytes: isUp ? Math.round(Math.min(limit, 2_000_000_000) * (0.3 + 0.15 * wave)) : 0,
    memory_limit_bytes: limit,
    cpu_absolute: isUp ? Math.round((12 + 30 * wave) * cores * 1_000) / 1_000 : 0,
    network: isUp
      ? { rx_bytes: Math.round(uptime * 1.7), tx_bytes: Math.round(uptime * 4.1) }
      : { rx_bytes: 0, tx_bytes: 0 },
    ...(server.flavour === 'pelican'
      ? { disk_io: isUp ? { read_bytes: uptime * 2, write_bytes: uptime * 3 } : idle }
      : {}),
    uptime,
    state: server.state,
    disk_bytes: server.diskBytes,
  }
}
