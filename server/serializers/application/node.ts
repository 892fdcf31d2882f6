import { z } from 'zod'
import { nodeTags } from '#server/database/json'
import type { WingsNodeRow } from '#server/database/schema'
import type { NodeView } from '#server/services/nodes/node-view'
import type { node, NodeState } from '#shared/contracts/application/nodes'
import type { Wire } from '#shared/contracts/envelope'
import { fixMissingIn } from '#shared/utils/wings-versions'
import { itemOf, stampOf } from '../envelope'

type Relationships = NonNullable<Wire<typeof node>['attributes']['relationships']>

/** Never with a secret, whoever asks: the configuration is an endpoint of its own. */
export function serializeNode(
  { node: row, memory, disk, cpu, serverCount }: NodeView,
  relationships?: Relationships,
): Wire<typeof node> {
  return itemOf('node', {
    id: Number(row.id),
    uuid: row.uuid,
    public: row.public,
    name: row.name,
    description: row.description,
    location_id: Number(row.locationId),
    fqdn: row.fqdn,
    scheme: row.scheme,
    behind_proxy: row.behindProxy,
    maintenance_mode: row.maintenanceMode,
    memory: row.memory,
    memory_overallocate: row.memoryOverallocate,
    disk: row.disk,
    disk_overallocate: row.diskOverallocate,
    upload_size: row.uploadSize,
    daemon_listen: row.daemonListen,
    daemon_sftp: row.daemonSftp,
    daemon_base: row.daemonBase,
    created_at: stampOf(row.createdAt),
    updated_at: stampOf(row.updatedAt),
    tags: z.decode(nodeTags, row.tags),
    cpu: row.cpu,
    cpu_overallocate: row.cpuOverallocate,
    daemon_connect: row.connectPort ?? row.daemonListen,
    daemon_sftp_alias: row.sftpAlias,
    allocated_resources: { memory, disk, cpu },
    state: nodeStateOf(row),
    flavour: row.flavour,
    version: row.version,
    last_seen_at: row.lastSeenAt && stampOf(row.lastSeenAt),
    unreachable_since: row.unreachableSince && stampOf(row.unreachableSince),
    fixed_version: fixMissingIn(row.flavour, row.version),
    configuration_pending_since: row.configurationPendingSince && stampOf(row.configurationPendingSince),
    rotated_at: row.rotatedAt && stampOf(row.rotatedAt),
    servers_count: serverCount,
    allow_insecure: row.allowInsecure,
    browser_route: row.browserRoute,
    base_url: row.baseUrl,
    ...(relationships && { relationships }),
  })
}

export function serializeDeployableNode(
  view: NodeView,
  relationships?: Relationships,
): Wire<typeof node> & { attributes: { sum_memory: string; sum_disk: string } } {
  const { object, attributes } = serializeNode(view, relationships)
  return { object, attributes: { ...attributes, sum_memory: String(view.memory), sum_disk: String(view.disk) } }
}

/** A browser's report counts while it is the newer one; see `check-node`. */
export function nodeStateOf(
  row: Pick<WingsNodeRow, 'maintenanceMode' | 'lastSeenAt' | 'unreachableSince' | 'lastCheck'>,
): NodeState {
  if (row.maintenanceMode) return 'maintenance'
  if (row.lastSeenAt === null) return 'never_seen'
  if (row.unreachableSince !== null) return 'no_contact'
  return isBlockedForBrowsers(row.lastCheck) ? 'browsers_blocked' : 'reachable'
}

const browserPart = z.object({
  browser: z.object({ steps: z.array(z.object({ ok: z.boolean().nullable() })) }).nullish(),
})

function isBlockedForBrowsers(lastCheck: string | null): boolean {
  if (lastCheck === null) return false
  const read = browserPart.safeParse(JSON.parse(lastCheck))
  return read.success && (read.data.browser?.steps.some(({ ok }) => ok === false) ?? false)
}
