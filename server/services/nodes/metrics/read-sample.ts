import { nodeSystem } from '#server/database/json'
import type { WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'
import { liveStates, type LiveServer } from '../live-states'

/** What is asked of a node, and what has to be known for it. */
export interface SampledNode extends Pick<
  WingsNodeRow,
  'id' | 'baseUrl' | 'apiToken' | 'tokenSecret' | 'allowInsecure' | 'flavour'
> {
  /** Of its machine; 0 where nobody knows. */
  threads: number
}

/** What a node used at one moment. Null: nobody says. */
export interface Sample {
  nodeId: string
  /** Percent of a thread. */
  cpuPercent: number
  memoryBytes: number
  diskBytes: number | null
  receivedPerSecond: number | null
  sentPerSecond: number | null
  runningServers: number | null
}

/** The network's counters of each server, as they stood when the node was asked last. */
export interface Counters {
  atMs: number
  byServer: ReadonlyMap<string, readonly [received: number, sent: number]>
}

/** Counters that are further apart than that say little about a second between them. */
const COUNTERS_KEEP_MS = 30_000

/** Beyond these a number says that a daemon is broken, not what it uses; a column could not hold it either. */
const MOST = { cpuPercent: 1_000_000, memoryBytes: 2 ** 50, diskBytes: Number.MAX_SAFE_INTEGER, runningServers: 32_767 }
const MOST_PER_SECOND = 1e12

/**
 * What a node uses now: of Pelican the machine, where it says so, else its servers together. The network is always that of
 * the servers. Without a sample where the node does not answer, or says what cannot be.
 */
export async function readSample(
  node: SampledNode,
  before: Counters | undefined,
): Promise<{ sample?: Sample; counters?: Counters }> {
  const [machine, live] = await Promise.all([readMachine(node).catch(() => undefined), liveStates.now(node)])
  const all = [...(live?.servers.values() ?? [])]
  const sumOf = (pick: (server: LiveServer) => number) => all.reduce((sum, server) => sum + pick(server), 0)
  const counters = live ? countersOf(live) : undefined
  // The servers' sum in place of a machine that did not answer would be a drop that never was.
  if (machine === undefined || (machine === null && !live)) return { counters }

  const rates = counters && before ? ratesBetween(before, counters) : undefined
  const sample = {
    nodeId: node.id,
    cpuPercent: machine?.cpuPercent ?? sumOf((server) => server.cpuPercent),
    memoryBytes: machine?.memoryBytes ?? sumOf((server) => server.memoryBytes),
    diskBytes: machine?.diskBytes ?? sumOf((server) => server.diskBytes),
    receivedPerSecond: rates?.[0] ?? null,
    sentPerSecond: rates?.[1] ?? null,
    runningServers: live ? all.filter(({ state }) => state === 'running').length : null,
  }
  return { counters, ...(isCredible(sample) && { sample }) }
}

const isCredible = (sample: Sample): boolean =>
  (Object.keys(MOST) as (keyof typeof MOST)[]).every((name) => (sample[name] ?? 0) <= MOST[name])

/** Pelican says how much of the whole machine is busy; what is kept counts threads. Null where nobody says. */
async function readMachine(node: SampledNode) {
  if (node.flavour !== 'pelican' || node.threads === 0) return null
  const said = await wings(node).system.utilization()
  return (
    said && { cpuPercent: said.cpuPercent * node.threads, memoryBytes: said.memoryBytes, diskBytes: said.diskBytes }
  )
}

/** Of the node's machine; 0 before it was ever asked. */
export function threadsOf({ system }: Pick<WingsNodeRow, 'system'>): number {
  return system === null ? 0 : (nodeSystem.safeDecode(system).data?.cpuThreads ?? 0)
}

const countersOf = ({ servers, atMs }: { servers: ReadonlyMap<string, LiveServer>; atMs: number }): Counters => ({
  atMs,
  byServer: new Map([...servers].map(([uuid, { receivedBytes, sentBytes }]) => [uuid, [receivedBytes, sentBytes]])),
})

/** A counter that went back began anew: what it lost is not known, and counts for nothing. */
function ratesBetween(before: Counters, after: Counters): [received: number, sent: number] | undefined {
  const seconds = (after.atMs - before.atMs) / 1000
  if (seconds <= 0 || seconds * 1000 > COUNTERS_KEEP_MS) return undefined
  let [received, sent] = [0, 0]
  for (const [uuid, [received2, sent2]] of after.byServer) {
    const known = before.byServer.get(uuid)
    if (!known) continue
    received += Math.max(0, received2 - known[0])
    sent += Math.max(0, sent2 - known[1])
  }
  const rates: [number, number] = [received / seconds, sent / seconds]
  return rates.every((rate) => rate <= MOST_PER_SECOND) ? rates : undefined
}
