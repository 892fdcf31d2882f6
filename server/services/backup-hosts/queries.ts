import { and, asc, desc, eq, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { backupHostNodes, backupHosts, serverBackups, wingsNodes, type BackupHostRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { containsAny } from '#server/services/servers/search-servers'

/** Whoever is limited to nodes sees the hosts of these nodes alone, and none that serves another one as well. */
export type Reach = Pick<Actor, 'isRootAdmin' | 'nodeIds'>

export const BACKUP_HOST_FILTERS = ['*', 'name', 'kind'] as const
export const BACKUP_HOST_SORTS = ['id', 'name'] as const

interface ListBackupHosts {
  actor: Reach
  page: number
  size: number
  filters: Partial<Record<(typeof BACKUP_HOST_FILTERS)[number], string>>
  sorts: { by: (typeof BACKUP_HOST_SORTS)[number]; descending: boolean }[]
}

/** A host with the nodes that use it and how many backups it holds. */
export interface BackupHostView {
  host: BackupHostRow
  nodes: { id: string; name: string }[]
  backups: number
}

const number = sql`${backupHosts.id}::bigint`

/** With its table: alone in the outer statement it would be written without, and mean another one in here. */
const hostId = sql`${backupHosts}.id`

const nodesOf = sql<{ id: string; name: string }[]>`(
  select coalesce(json_agg(json_build_object('id', n.id, 'name', n.name) order by n.name, n.id::bigint), '[]'::json)
  from ${backupHostNodes} l join ${wingsNodes} n on n.id = l.node_id
  where l.backup_host_id = ${hostId}
)`
const backupsOf = sql<number>`(
  select count(*)::int from ${serverBackups} b
  where b.backup_host_id = ${hostId} and b.deleted_at is null
)`

const selectViews = (executor: Executor) =>
  executor.select({ host: backupHosts, nodes: nodesOf, backups: backupsOf }).from(backupHosts)

export async function listBackupHosts({ actor, page, size, filters, sorts }: ListBackupHosts) {
  const db = useDrizzle()
  const condition = and(
    reachable(actor),
    ...Object.entries(filters).map(([name, text]) =>
      name === 'kind' ? sql`${backupHosts.kind} = ${text}` : containsAny(backupHosts.name, text),
    ),
  )
  const orders: SQL[] = sorts.map(({ by, descending }) =>
    (descending ? desc : asc)(by === 'id' ? number : backupHosts.name),
  )
  const [rows, total] = await Promise.all([
    selectViews(db)
      .where(condition)
      .orderBy(...orders, asc(number))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(backupHosts, condition),
  ])
  return { rows, total, page, size }
}

export const reachable = ({ isRootAdmin, nodeIds }: Reach): SQL | undefined =>
  isRootAdmin || nodeIds === null
    ? undefined
    : sql`not exists (
        select 1 from ${backupHostNodes} l
        where l.backup_host_id = ${hostId} and l.node_id <> all(${sql.param([...nodeIds])}::text[])
      )`

/** @throws {AppError} `resource.not_found` */
export async function getBackupHost(
  actor: Reach,
  id: string,
  executor: Executor = useDrizzle(),
): Promise<BackupHostView> {
  const [view] = await selectViews(executor).where(and(reachable(actor), eq(backupHosts.id, id)))
  if (!view) throw new AppError('resource.not_found')
  return view
}
