import { z } from 'zod'
import { itemOf, stampOf } from '#server/serializers/envelope'
import type { FoundOverview } from '#server/services/overview/read-overview'
import type { overview } from '#shared/contracts/application/overview'
import type { NodeState } from '#shared/contracts/application/nodes'
import type { Wire } from '#shared/contracts/envelope'
import { fixMissingIn } from '#shared/utils/wings-versions'
import { nodeStateOf } from './node'

type Told = Wire<typeof overview>['attributes']

const ANSWERS: readonly NodeState[] = ['reachable', 'browsers_blocked']
const NEEDS_A_HAND: readonly NodeState[] = ['no_contact', 'browsers_blocked', 'never_seen']

export function serializeOverview(
  { nodes, failed, backupHosts, databaseHosts, counts }: FoundOverview,
  { version }: { version: string },
): Wire<typeof overview> {
  const totalOf = (total: number | null) => (total === null ? null : { total })
  return itemOf('overview', {
    version,
    nodes: nodes && nodesOf(nodes),
    servers:
      counts.servers === null
        ? null
        : {
            total: counts.servers,
            running: counts.running,
            failed: (failed ?? []).map(({ id, ...server }) => ({ id: Number(id), ...server })),
          },
    users: totalOf(counts.users),
    eggs: totalOf(counts.eggs),
    allocations: totalOf(counts.allocations),
    backup_hosts: backupHosts && { failing: backupHosts.map(hostOf) },
    database_hosts: databaseHosts && { failing: databaseHosts.map(hostOf) },
    health: counts.failedMails === null ? null : { late_jobs: counts.lateJobs ?? 0, failed_mails: counts.failedMails },
  })
}

function nodesOf(nodes: NonNullable<FoundOverview['nodes']>): Told['nodes'] {
  const told = nodes.map((node) => ({
    id: Number(node.id),
    name: node.name,
    state: nodeStateOf(node),
    unreachable_since: node.unreachableSince && stampOf(node.unreachableSince),
    servers_count: node.serverCount,
    version: node.version,
    fixed_version: fixMissingIn(node.flavour, node.version),
    certificate_ends_at: endOfCertificate(node.lastCheck),
  }))
  const [first] = told
  return {
    total: told.length,
    answering: told.filter(({ state }) => ANSWERS.includes(state)).length,
    first: first ? { id: first.id, state: first.state } : null,
    attention: told.filter(
      (node) => NEEDS_A_HAND.includes(node.state) || node.fixed_version !== null || node.certificate_ends_at !== null,
    ),
  }
}

const tlsStep = z.object({
  steps: z.array(z.object({ cause: z.string().nullable(), detail: z.record(z.string(), z.unknown()).nullable() })),
})

/** As the last check saw it. */
function endOfCertificate(lastCheck: string | null): string | null {
  const { steps = [] } = (lastCheck === null ? null : tlsStep.safeParse(JSON.parse(lastCheck)).data) ?? {}
  const found = steps.find(({ cause }) => cause === 'tls_ends_soon' || cause === 'tls_expired')
  const end = found?.detail?.ends_at ?? found?.detail?.ended_at
  return typeof end === 'string' ? stampOf(end) : null
}

const hostOf = ({ id, name, failure, checkedAt }: NonNullable<FoundOverview['backupHosts']>[number]) => ({
  id: Number(id),
  name,
  failure: failure ?? '',
  checked_at: checkedAt && stampOf(checkedAt),
})
