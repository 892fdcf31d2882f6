import type { LiveServer } from '#server/services/nodes/live-states'
import type { liveResources, stats } from '#shared/contracts/client/resources'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

export function serializeStats(live: LiveServer): Wire<typeof stats> {
  return itemOf('stats', attributesOf(live))
}

export function serializeLiveResources(byName: Record<string, LiveServer | null>): Wire<typeof liveResources> {
  const servers = Object.fromEntries(Object.entries(byName).map(([name, live]) => [name, live && attributesOf(live)]))
  return itemOf('live_resources', { servers })
}

function attributesOf(live: LiveServer): Wire<typeof stats>['attributes'] {
  return {
    current_state: live.state,
    is_suspended: live.isSuspended,
    resources: {
      memory_bytes: live.memoryBytes,
      cpu_absolute: live.cpuPercent,
      disk_bytes: live.diskBytes,
      network_rx_bytes: live.receivedBytes,
      network_tx_bytes: live.sentBytes,
      uptime: live.uptimeMs,
    },
  }
}
