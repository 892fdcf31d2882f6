import { z } from 'zod'
import { endpoint } from '../endpoint'

/** `{ data: … }` without an envelope, as the API has it. */
export const socket = z.object({ data: z.object({ token: z.string(), socket: z.url() }) })
export type Socket = z.output<typeof socket>

export const commandBody = z.object({ command: z.string().min(1).max(32_768) })

export const POWER_SIGNALS = ['start', 'stop', 'restart', 'kill'] as const
export const powerBody = z.object({ signal: z.enum(POWER_SIGNALS) })
export type PowerSignal = (typeof POWER_SIGNALS)[number]

/** Ours: what the installer printed, where the daemon keeps it; null where it keeps none. */
export const installLog = z.object({ lines: z.array(z.string()).nullable() })

export const serverConsole = {
  socket: endpoint('GET /api/client/servers/:server/websocket', { reply: socket }),
  command: endpoint('POST /api/client/servers/:server/command', { body: commandBody }),
  power: endpoint('POST /api/client/servers/:server/power', { body: powerBody }),
  installLog: endpoint('GET /api/client/servers/:server/install-log', { reply: installLog }),
}
