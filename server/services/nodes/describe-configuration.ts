import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { mountNodes, mounts, type WingsNodeRow } from '#server/database/schema'
import type { nodeConfiguration } from '#shared/contracts/application/nodes'

export type NodeConfiguration = z.output<typeof nodeConfiguration>

/** A fork bomb ends here. Wings has the same by itself; said so that nobody has it without. */
const PIDS_PER_CONTAINER = 512

/**
 * The file that makes a daemon this node, its secret included. `remote` is compared with a browser's Origin letter by
 * letter, so it is the panel's origin and nothing else.
 */
export async function describeConfiguration(node: WingsNodeRow, panel: string): Promise<NodeConfiguration> {
  const allowed = await useDrizzle()
    .select({ source: mounts.source })
    .from(mountNodes)
    .innerJoin(mounts, eq(mounts.id, mountNodes.mountId))
    .where(eq(mountNodes.nodeId, node.id))
  const certificates = `/etc/letsencrypt/live/${node.fqdn.toLowerCase()}`
  return {
    debug: false,
    uuid: node.uuid,
    token_id: node.tokenIdentifier,
    token: node.tokenSecret,
    api: {
      host: '0.0.0.0',
      port: node.daemonListen,
      ssl: {
        enabled: node.scheme === 'https' && !node.behindProxy,
        cert: `${certificates}/fullchain.pem`,
        key: `${certificates}/privkey.pem`,
      },
      upload_limit: node.uploadSize,
    },
    system: { data: node.daemonBase, sftp: { bind_port: node.daemonSftp } },
    docker: { container_pid_limit: PIDS_PER_CONTAINER },
    allowed_mounts: [...new Set(allowed.map(({ source }) => source))].sort(),
    remote: panel,
  }
}
