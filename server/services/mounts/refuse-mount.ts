import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Actor } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import { isForeignKeyViolation, isUniqueViolation } from '#server/database/errors'
import { mountNodes, mounts, mountServers, wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { reachesNode } from '#server/policies/administration-policy'
import { isSourceKept } from '#shared/utils/mount-paths'

/** What the database says of a mount that cannot be stored, at the field that it is about. */
export function refuseMount(error: unknown): never {
  if (isUniqueViolation(error, 'mounts_name_unique'))
    throw refusedField('name', 'unique', 'The name has already been taken.')
  if (isForeignKeyViolation(error, 'mount_nodes_node_id_wings_nodes_id_fk')) throw refusedNodes()
  if (isForeignKeyViolation(error, 'mount_eggs_egg_id_eggs_id_fk'))
    throw refusedField('eggs', 'exists', 'The selected eggs is invalid.')
  throw error
}

const refusedNodes = () => refusedField('nodes', 'exists', 'The selected nodes is invalid.')

/** Nodes beyond somebody's roles do not exist for him. @throws {AppError} `request.invalid` */
export function assertReached(actor: Actor, nodeIds: readonly string[]): void {
  if (!nodeIds.every((id) => reachesNode(actor, id))) throw refusedNodes()
}

/** The folder in which a node keeps the files of its servers is nobody's to share. @throws {AppError} `request.invalid` */
export async function assertSourceIsFree(tx: Executor, source: string, nodeIds: readonly string[]): Promise<void> {
  if (nodeIds.length === 0) return
  const rows = await tx
    .select({ folder: wingsNodes.daemonBase })
    .from(wingsNodes)
    .where(inArray(wingsNodes.id, [...nodeIds]))
    .orderBy(wingsNodes.id)
    // Held: a node that is given another folder now is compared with what is linked, and this with that.
    .for('share')
  const folders = rows.map(({ folder }) => folder)
  if (isSourceKept(source, folders)) throw refusedField('source', 'path_kept', 'This path cannot be mounted.')
}

/** The other way round: a node's folder is not laid where a mount of its is. @throws {AppError} `request.invalid` */
export async function assertFolderIsFree(tx: Executor, { id, daemonBase }: Pick<WingsNodeRow, 'id' | 'daemonBase'>) {
  const linked = await tx
    .select({ source: mounts.source })
    .from(mounts)
    .innerJoin(mountNodes, and(eq(mountNodes.mountId, mounts.id), eq(mountNodes.nodeId, id)))
  if (linked.some(({ source }) => isSourceKept(source, [daemonBase])))
    throw refusedField('daemon_base', 'mounted', 'A mount that is linked to this node lies there.')
}

/** A container has one thing at one place. @throws {AppError} `request.invalid` */
export async function assertTargetIsFree(tx: Executor, mountId: string, target: string): Promise<void> {
  const other = alias(mountServers, 'other')
  const [taken] = await tx
    .select({ one: sql`1` })
    .from(mountServers)
    .innerJoin(other, and(eq(other.serverId, mountServers.serverId), ne(other.mountId, mountServers.mountId)))
    .innerJoin(mounts, and(eq(mounts.id, other.mountId), eq(mounts.target, target)))
    .where(eq(mountServers.mountId, mountId))
    .limit(1)
  if (taken) throw refusedField('target', 'unique', 'A server that uses it has another mount there.')
}
