import { z } from 'zod'
import { nodeTags } from '#server/database/json'
import type { WingsNodeRow } from '#server/database/schema'
import type { NodeBody } from '#shared/contracts/application/nodes'
import { usualAddress } from './node-address'

export const DAEMON_BASE = '/var/lib/pterodactyl/volumes'

/** What a form says, in the columns of a node. What is left out stays as `before` has it, or takes its usual value. */
export function nodeColumns(asked: NodeBody, before?: WingsNodeRow) {
  const connectPort = asked.daemon_connect === undefined ? (before?.connectPort ?? null) : asked.daemon_connect
  const reached = {
    scheme: asked.scheme,
    fqdn: asked.fqdn,
    daemonListen: asked.daemon_listen,
    connectPort: connectPort === asked.daemon_listen ? null : connectPort,
  }
  return {
    ...reached,
    baseUrl: baseUrlOf(asked, reached, before),
    name: asked.name,
    description: asked.description === undefined ? (before?.description ?? null) : asked.description,
    locationId: String(asked.location_id),
    memory: asked.memory,
    memoryOverallocate: asked.memory_overallocate,
    disk: asked.disk,
    diskOverallocate: asked.disk_overallocate,
    cpu: asked.cpu ?? before?.cpu ?? 0,
    cpuOverallocate: asked.cpu_overallocate ?? before?.cpuOverallocate ?? 0,
    daemonSftp: asked.daemon_sftp,
    sftpAlias: asked.daemon_sftp_alias === undefined ? (before?.sftpAlias ?? null) : asked.daemon_sftp_alias,
    daemonBase: asked.daemon_base ?? before?.daemonBase ?? DAEMON_BASE,
    public: asked.public ?? before?.public ?? true,
    behindProxy: asked.behind_proxy ?? before?.behindProxy ?? false,
    maintenanceMode: asked.maintenance_mode ?? before?.maintenanceMode ?? false,
    allowInsecure: asked.allow_insecure ?? before?.allowInsecure ?? false,
    browserRoute: asked.browser_route ?? before?.browserRoute ?? ('auto' as const),
    uploadSize: asked.upload_size ?? before?.uploadSize ?? 100,
    tags: asked.tags ? z.encode(nodeTags, asked.tags) : (before?.tags ?? '[]'),
  }
}

/** Follows scheme, name and port, unless it was set by hand. */
function baseUrlOf(asked: NodeBody, reached: Parameters<typeof usualAddress>[0], before?: WingsNodeRow): string {
  if (asked.base_url) return asked.base_url.replace(/\/+$/, '')
  const isByHand = before !== undefined && before.baseUrl !== usualAddress(before)
  return isByHand && asked.base_url === undefined ? before.baseUrl : usualAddress(reached)
}
