import { and, eq, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, type AllocationRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { containsAny } from '#server/services/servers/search-servers'

export const ALLOCATION_FILTERS = ['*', 'ip', 'port', 'ip_alias', 'server_id', 'assigned'] as const
type Filters = Partial<Record<(typeof ALLOCATION_FILTERS)[number], string>>

export async function listAllocations(
  node: Pick<WingsNodeRow, 'id'>,
  { page, size, filters }: { page: number; size: number; filters: Filters },
) {
  const db = useDrizzle()
  const condition = and(
    eq(serverAllocations.nodeId, node.id),
    ...Object.entries(filters).map(([name, text]) => conditionOf(name as keyof Filters, text)),
  )
  const [rows, total] = await Promise.all([
    db
      .select()
      .from(serverAllocations)
      .where(condition)
      .orderBy(sql`${serverAllocations.id}::bigint`)
      .limit(size)
      .offset((page - 1) * size),
    db.$count(serverAllocations, condition),
  ])
  return { rows, total, page, size }
}

/** Exact, with a comma for alternatives, but for the alias. What is no number as a server means: nobody's. */
function conditionOf(name: keyof Filters, text: string): SQL {
  switch (name) {
    case 'ip':
      return inArray(serverAllocations.ip, text.split(','))
    case 'port':
      return inArray(
        serverAllocations.port,
        text
          .split(',')
          .map(Number)
          .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536),
      )
    case 'ip_alias':
      return containsAny(serverAllocations.ipAlias, text)
    case 'server_id':
      return /^\d+$/.test(text) ? eq(serverAllocations.serverId, text) : isNull(serverAllocations.serverId)
    case 'assigned':
      return text === '1' || text === 'true'
        ? isNotNull(serverAllocations.serverId)
        : isNull(serverAllocations.serverId)
    case '*':
      return (
        or(
          containsAny(sql`${serverAllocations.ip} || ':' || ${serverAllocations.port}`, text),
          containsAny(serverAllocations.ipAlias, text),
        ) ?? sql`true`
      )
  }
}

/** Several at once, by id. */
export async function findAllocations(ids: readonly string[]): Promise<AllocationRow[]> {
  return useDrizzle()
    .select()
    .from(serverAllocations)
    .where(inArray(serverAllocations.id, [...ids, '']))
}

/** One of this node's. @throws {AppError} `resource.not_found` */
export async function getAllocation(node: Pick<WingsNodeRow, 'id'>, id: string): Promise<AllocationRow> {
  const [row] = await useDrizzle()
    .select()
    .from(serverAllocations)
    .where(and(eq(serverAllocations.nodeId, node.id), eq(serverAllocations.id, id)))
  if (!row) throw new AppError('resource.not_found')
  return row
}
