import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverLimits, servers, serverTransfers, wingsNodes } from '#server/database/schema'

export interface Wanted {
  /** MiB. */
  memory: number
  disk: number
  /** Percent of a thread; left out: not looked at. */
  cpu?: number | undefined
  locationIds?: readonly string[]
  tags?: readonly string[]
  /** Null: all. */
  nodeIds: readonly string[] | null
}

/** What the servers of a node were promised, those on their way to it among them. */
export const promised = (column: 'memory' | 'disk' | 'cpu'): SQL<number> => sql<number>`(coalesce((
  select sum(${serverLimits[column]}) from ${servers} inner join ${serverLimits} on ${serverLimits.serverId} = ${servers.id}
  where ${servers.nodeId} = ${wingsNodes.id}), 0) + coalesce((
  select sum(${serverLimits[column]}) from ${serverTransfers} inner join ${serverLimits} on ${serverLimits.serverId} = ${serverTransfers.serverId}
  where ${serverTransfers.targetNodeId} = ${wingsNodes.id} and ${serverTransfers.finishedAt} is null), 0))::bigint`

/** A node has room for so much more. Zero MiB of a node means that it has no limit. */
export const hasRoom = (resource: 'memory' | 'disk' | 'cpu', wanted: number): SQL => {
  const limit = wingsNodes[resource]
  const over =
    resource === 'memory'
      ? wingsNodes.memoryOverallocate
      : resource === 'disk'
        ? wingsNodes.diskOverallocate
        : wingsNodes.cpuOverallocate
  return sql`(${limit} = 0 or (${wingsNodes.negativeIsUnlimited} and ${over} < 0) or ${promised(resource)} + ${wanted} <= ${limit}::bigint * (100 + ${over}) / 100.0)`
}

/** Public nodes with room for so much more. */
export function viableNodes({ memory, disk, cpu, locationIds = [], tags = [], nodeIds }: Wanted): SQL {
  const conditions = [
    eq(wingsNodes.public, true),
    hasRoom('memory', memory),
    hasRoom('disk', disk),
    ...(cpu === undefined ? [] : [hasRoom('cpu', cpu)]),
    ...(locationIds.length > 0 ? [inArray(wingsNodes.locationId, [...locationIds])] : []),
    ...(tags.length > 0
      ? [
          sql`${wingsNodes.tags}::jsonb ?| array[${sql.join(
            tags.map((tag) => sql`${tag}`),
            sql`, `,
          )}]`,
        ]
      : []),
    ...(nodeIds === null ? [] : [inArray(wingsNodes.id, [...nodeIds, ''])]),
  ]
  return and(...conditions) as SQL
}

export async function findViableNodeIds(tx: Executor, wanted: Wanted): Promise<string[]> {
  const rows = await tx
    .select({ id: wingsNodes.id })
    .from(wingsNodes)
    .where(viableNodes(wanted))
    .orderBy(sql`${wingsNodes.id}::bigint`)
  return rows.map(({ id }) => id)
}
