import { z } from 'zod'
import { type WingsCall, whereUnknown } from './call'

const count = z.number().min(0).catch(0)
/** Of what is told as a value in time: a nought in place of nonsense would be a value. */
const measured = z.number().min(0)
const text = z.string().catch('')

const current = z
  .object({
    version: z.string(),
    docker: z.object({ version: text }).optional().catch(undefined),
    system: z.object({
      architecture: text,
      cpu_threads: count,
      memory_bytes: count,
      kernel_version: text,
      os: text,
      os_type: text,
    }),
  })
  .transform(({ version, docker, system }) => ({
    version,
    architecture: system.architecture,
    cpuThreads: system.cpu_threads,
    memoryBytes: system.memory_bytes as number | null,
    kernelVersion: system.kernel_version,
    os: system.os,
    osType: system.os_type,
    dockerVersion: docker?.version || null,
  }))

/** What daemons say that do not know `?v=2`. */
const first = z
  .object({ version: z.string(), architecture: text, cpu_count: count, kernel_version: text, os: text })
  .transform(({ version, architecture, cpu_count: cpuThreads, kernel_version: kernelVersion, os }) => ({
    version,
    architecture,
    cpuThreads,
    memoryBytes: null as number | null,
    kernelVersion,
    os,
    osType: os,
    dockerVersion: null as string | null,
  }))

export const nodeSystem = z.union([current, first])
export type NodeSystem = z.output<typeof nodeSystem>

const utilization = z
  .object({
    memory_total: count,
    memory_used: measured,
    swap_total: count,
    swap_used: count,
    disk_total: count,
    disk_used: measured,
    load_average1: count,
    load_average5: count,
    load_average15: count,
    cpu_percent: measured,
  })
  .transform((said) => ({
    memoryBytes: said.memory_used,
    memoryTotalBytes: said.memory_total,
    swapBytes: said.swap_used,
    swapTotalBytes: said.swap_total,
    diskBytes: said.disk_used,
    diskTotalBytes: said.disk_total,
    /** Over one, five and fifteen minutes. */
    load: [said.load_average1, said.load_average5, said.load_average15] as const,
    /** Since the call before. */
    cpuPercent: said.cpu_percent,
  }))
export type NodeUtilization = z.output<typeof utilization>

/** Asked every few seconds: what comes later is too old. */
const UTILIZATION_TIMEOUT_MS = 5_000

const addresses = z.object({ ip_addresses: z.array(z.string()).nullish() }).transform((said) => said.ip_addresses ?? [])
/** It asks its engine for all containers first. */
const DIAGNOSTICS_TIMEOUT_MS = 30_000
const DIAGNOSTICS_MAX_BYTES = 4 * 1024 * 1024

const applied = z.object({ applied: z.boolean() })

export function systemOperations(call: WingsCall) {
  return {
    describe: () => call('GET', '/api/system', { query: { v: '2' }, reply: nodeSystem }),

    /** What the machine uses; null where the daemon does not say. */
    utilization: (): Promise<NodeUtilization | null> =>
      call('GET', '/api/system/utilization', { reply: utilization, timeoutMs: UTILIZATION_TIMEOUT_MS }).catch(
        whereUnknown(null),
      ),

    /** The addresses of the machine; null where the daemon does not say. */
    addresses: ({ timeoutMs }: { timeoutMs?: number } = {}): Promise<string[] | null> =>
      call('GET', '/api/system/ips', { reply: addresses, timeoutMs }).catch(whereUnknown(null)),

    /** What the daemon says of itself, its machine and its newest lines of log, for a person to read; null where it does not. */
    diagnostics: async ({ lines }: { lines: number }): Promise<string | null> =>
      call
        .raw('GET', '/api/diagnostics', {
          query: { include_endpoints: 'false', include_logs: 'true', log_lines: String(lines) },
          timeoutMs: DIAGNOSTICS_TIMEOUT_MS,
          maxBytes: DIAGNOSTICS_MAX_BYTES,
        })
        .then(({ bytes }) => bytes.toString('utf8'))
        .catch(whereUnknown(null)),

    /** Lays the configuration over the one that the daemon has. False: its owner has it ignore what the panel sends. */
    update: async (configuration: object) =>
      (await call('POST', '/api/update', { json: configuration, reply: applied })).applied,
  }
}
