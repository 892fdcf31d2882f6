import { z } from 'zod'
import { at, goneAlready, isStatus, type WingsCall, whereUnknown } from './call'

const WINGS_STATES = ['offline', 'starting', 'running', 'stopping'] as const

const POWER_ACTIONS = ['start', 'stop', 'restart', 'kill'] as const
export type PowerAction = (typeof POWER_ACTIONS)[number]

/** A daemon says that a server is off while it still holds its lock for a moment: a start in that moment would be lost. */
const LOCK_WAIT_SECONDS = 5

/**
 * Whoever calls these gives up after five seconds, and we answer within four, with what is undone after the node's silence.
 * Wings calls us back before it answers.
 */
export const ANSWER_WITHIN_MS = 3_500

/** Asked for often, for people who look on: what comes later is too old. */
const LIVE_TIMEOUT_MS = 5_000

/** Somebody waits for his right to have ended; who cannot be told within this time is told by a job. */
const REVOKE_TIMEOUT_MS = 2_000

const count = z.number().min(0).catch(0)

const onNode = z
  .object({
    state: z.enum(WINGS_STATES).catch('offline'),
    is_suspended: z.boolean().catch(false),
    utilization: z.object({
      memory_bytes: count,
      memory_limit_bytes: count,
      cpu_absolute: count,
      network: z.object({ rx_bytes: count, tx_bytes: count }).catch({ rx_bytes: 0, tx_bytes: 0 }),
      uptime: count,
      disk_bytes: count,
    }),
    configuration: z.object({ uuid: z.string() }),
  })
  .transform(({ state, is_suspended: isSuspended, utilization: used, configuration }) => ({
    uuid: configuration.uuid,
    state,
    isSuspended,
    memoryBytes: used.memory_bytes,
    memoryLimitBytes: used.memory_limit_bytes,
    /** 100 is one thread. */
    cpuPercent: used.cpu_absolute,
    diskBytes: used.disk_bytes,
    /** Since the start. */
    receivedBytes: used.network.rx_bytes,
    sentBytes: used.network.tx_bytes,
    uptimeMs: used.uptime,
  }))

const allOnNode = z
  .array(onNode)
  .nullable()
  .transform((all) => all ?? [])

/** A server as its node has it right now. */
export type LiveServer = z.output<typeof onNode>

const lines = z.object({ data: z.array(z.string()).nullish() }).transform(({ data }) => data ?? [])
const installLog = z.object({ data: z.string().nullish() }).transform(({ data }) => data ?? '')

export function serverOperations(call: WingsCall) {
  return {
    list: () => call('GET', '/api/servers', { reply: allOnNode, timeoutMs: LIVE_TIMEOUT_MS }),

    get: (server: string) => call('GET', at`/api/servers/${server}`, { reply: onNode, timeoutMs: LIVE_TIMEOUT_MS }),

    /** Wings fetches the configuration before it answers, then installs in the background. Said twice, it registers twice. */
    create: (server: string, { startOnCompletion }: { startOnCompletion: boolean }) =>
      call('POST', '/api/servers', {
        json: { uuid: server, start_on_completion: startOnCompletion },
        timeoutMs: ANSWER_WITHIN_MS,
        mayDawdle: true,
      }),

    /** A server that the node does not have is removed. */
    remove: (server: string, { withinMs = ANSWER_WITHIN_MS }: { withinMs?: number } = {}) =>
      call('DELETE', at`/api/servers/${server}`, { timeoutMs: withinMs, mayDawdle: true }).catch(goneAlready),

    /** Taken before anything has happened: what fails later is only logged on the node. */
    power: (server: string, action: PowerAction, { withinMs }: { withinMs?: number } = {}) =>
      call('POST', at`/api/servers/${server}/power`, {
        json: { action, wait_seconds: LOCK_WAIT_SECONDS },
        timeoutMs: withinMs,
      }),

    /** Fails with status 502 while the server is not running. */
    command: (server: string, commands: string[]) =>
      call('POST', at`/api/servers/${server}/commands`, { json: { commands } }),

    /** The newest lines, a hundred at most, with their colours. */
    logs: (server: string, size = 100) =>
      call('GET', at`/api/servers/${server}/logs`, { query: { size: String(size) }, reply: lines }),

    /** What the last installation printed; null where the daemon keeps none. */
    installLog: (server: string): Promise<string | null> =>
      call('GET', at`/api/servers/${server}/install-logs`, { reply: installLog }).catch((error: unknown) => {
        // Wings answers 500 for a log that is not there.
        if (isStatus(error, 404) || isStatus(error, 500)) return null
        throw error
      }),

    install: (server: string) => call('POST', at`/api/servers/${server}/install`),

    /** Refused with 409 while a power action runs. */
    reinstall: (server: string) => call('POST', at`/api/servers/${server}/reinstall`),

    /** Has the node fetch the configuration and apply it, before it answers. */
    sync: (server: string) =>
      call('POST', at`/api/servers/${server}/sync`, { timeoutMs: ANSWER_WITHIN_MS, mayDawdle: true }),

    /**
     * Refuses console tokens signed until now under these names, of whatever server they are. On Pelican they are still
     * honoured for files: see `deauthorize`. False where the node does not have this server, and so took nothing.
     */
    denyTokens: (server: string, jtis: string[]): Promise<boolean> =>
      call('POST', at`/api/servers/${server}/ws/deny`, { json: { jtis }, timeoutMs: REVOKE_TIMEOUT_MS })
        .then(() => true)
        .catch(whereUnknown(false)),

    /**
     * Closes what a person holds open on these servers and refuses every token of his. False where the daemon does not know
     * this; then `denyTokens` is what there is.
     */
    deauthorize: (user: string, servers: string[]): Promise<boolean> =>
      call('POST', '/api/deauthorize-user', { json: { user, servers }, timeoutMs: REVOKE_TIMEOUT_MS })
        .then(() => true)
        .catch(whereUnknown(false)),
  }
}
