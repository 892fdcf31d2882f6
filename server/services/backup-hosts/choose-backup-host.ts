import { and, desc, eq, isNotNull, or, sql } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { backupHostNodes, backupHosts, type WingsNodeRow } from '#server/database/schema'
import { useEnv } from '#server/env'
import { environmentStore } from './host-store'

export interface ChosenHost {
  disk: 'wings' | 's3'
  /** Null: the environment's store, or the node's own disk. */
  backupHostId: string | null
}

/** Where a new backup of this node goes: its own first host, else the default one, else the environment's, else the node itself. */
export async function chooseBackupHost(node: Pick<WingsNodeRow, 'id'>): Promise<ChosenHost> {
  const [host] = await useDrizzle()
    .select({ id: backupHosts.id, kind: backupHosts.kind })
    .from(backupHosts)
    .leftJoin(
      backupHostNodes,
      and(eq(backupHostNodes.backupHostId, backupHosts.id), eq(backupHostNodes.nodeId, node.id)),
    )
    .where(or(isNotNull(backupHostNodes.nodeId), backupHosts.isDefault))
    .orderBy(desc(isNotNull(backupHostNodes.nodeId)), sql`${backupHosts.id}::bigint`)
    .limit(1)
  if (host) return { disk: host.kind, backupHostId: host.id }

  const isOutside = useEnv().APP_BACKUP_DRIVER === 's3' && environmentStore() !== undefined
  return { disk: isOutside ? 's3' : 'wings', backupHostId: null }
}
