import { createHash } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { ActivityRow } from '#server/contracts/remote'
import { now, uuidAt } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { auditMetadata } from '#server/database/json'
import { auditEvents, servers, users, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'

/** Wings sends at most 200 rows at once; more than that are not its own, and are dropped. */
const ROWS_MAX = 1000
const OLDEST_MS = 30 * 86_400_000
const AHEAD_MS = 5 * 60_000

/**
 * Writes down what a node saw. Rows about servers of other nodes, and events that are not of servers, are passed over:
 * refusing one would make Wings send the batch again for ever. The same batch a thousand times is one.
 */
export async function recordNodeActivity(node: WingsNodeRow, batch: readonly ActivityRow[]): Promise<void> {
  const rows = batch.slice(0, ROWS_MAX).filter(({ event }) => event.startsWith('server:'))
  if (rows.length === 0) return

  const db = useDrizzle()
  const [own, people] = await Promise.all([
    db
      .select({ id: servers.id, uuid: servers.uuid })
      .from(servers)
      .where(and(eq(servers.nodeId, node.id), inArray(servers.uuid, [...new Set(rows.map(({ server }) => server))]))),
    findPeople(rows),
  ])
  const serverIds = new Map(own.map(({ id, uuid }) => [uuid, id]))

  const events = rows.flatMap((row) => {
    const serverId = serverIds.get(row.server)
    return serverId ? [eventOf(node, serverId, row, people.get(row.user ?? ''))] : []
  })
  if (events.length === 0) return

  await db.transaction(async (tx) => {
    const written = await tx
      .insert(auditEvents)
      .values(events)
      .onConflictDoNothing()
      .returning({ serverId: auditEvents.serverId })
    for (const serverId of new Set(written.map((event) => event.serverId)))
      if (serverId) await notify(tx, 'server', { serverId, what: 'activity' })
  })
}

async function findPeople(rows: readonly ActivityRow[]): Promise<Map<string, { id: string; username: string }>> {
  const uuids = [...new Set(rows.flatMap(({ user }) => user ?? []))]
  if (uuids.length === 0) return new Map()
  const found = await useDrizzle()
    .select({ id: users.id, uuid: users.uuid, username: users.username })
    .from(users)
    .where(inArray(users.uuid, uuids))
  return new Map(found.map(({ uuid, ...user }) => [uuid, user]))
}

function eventOf(
  node: WingsNodeRow,
  serverId: string,
  row: ActivityRow,
  user: { id: string; username: string } | undefined,
) {
  const occurredAt = momentOf(row.timestamp)
  return {
    id: uuidAt(occurredAt),
    occurredAt,
    createdAt: now(),
    actor: user?.id ?? node.id,
    actorType: user ? ('user' as const) : ('node' as const),
    actorName: user?.username ?? node.name,
    action: row.event.slice(0, 191),
    targetType: 'server',
    targetId: serverId,
    serverId,
    nodeId: node.id,
    ip: row.ip,
    metadata: z.encode(auditMetadata, row.metadata),
    dedupeKey: keyOf(node, row),
  }
}

/** The node's own moment, to the millisecond; one that cannot be right is moved to where it may be. */
function momentOf(timestamp: string): string {
  const at = Date.parse(timestamp)
  const here = Date.now()
  return new Date(Math.min(Math.max(at, here - OLDEST_MS), here + AHEAD_MS)).toISOString()
}

const keyOf = (node: WingsNodeRow, { server, event, timestamp, ip, metadata, user }: ActivityRow): string =>
  createHash('sha256')
    .update(JSON.stringify([node.id, server, event, timestamp, ip, user, metadata]))
    .digest('base64url')
