import { hash } from 'node:crypto'
import { and, sql } from 'drizzle-orm'
import type { ActivityRow } from '#server/contracts/remote'
import { now, uuidAt } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { auditEvents, servers, users, type WingsNodeRow } from '#server/database/schema'
import { notified } from '#server/events/notify'

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
  await (query ??= prepare()).execute({
    rows: JSON.stringify(rows.map((row) => rowOf(node, row))),
    node: node.id,
    name: node.name,
    now: now(),
  })
}

/**
 * One statement, and with it one transaction, for what is looked up, written and told: every node sends two batches a
 * minute. Its rows travel as one value, so that it is planned once for batches of every size.
 */
function prepare() {
  const db = useDrizzle()
  const given = sql`json_to_recordset(${sql.placeholder('rows')}::json) as given(
    id text, at timestamp, event text, server text, person text, ip text, metadata text, dedupe_key text)`
  const node = sql`${sql.placeholder('node')}::text`
  const written = db.$with('written').as(
    db
      .insert(auditEvents)
      .select(
        db
          .select({
            id: sql`given.id`.as('id'),
            occurredAt: sql`given.at`.as('occurred_at'),
            actor: sql`coalesce(${users.id}, ${node})`.as('actor'),
            actorType: sql`case when ${users.id} is null then 'node' else 'user' end`.as('actor_type'),
            action: sql`given.event`.as('action'),
            targetType: sql`'server'`.as('target_type'),
            targetId: sql`${servers.id}`.as('target_id'),
            metadata: sql`given.metadata`.as('metadata'),
            createdAt: sql`${sql.placeholder('now')}::timestamp`.as('created_at'),
            actorName: sql`coalesce(${users.username}, ${sql.placeholder('name')}::text)`.as('actor_name'),
            impersonatorId: sql`null`.as('impersonator_id'),
            ip: sql`given.ip`.as('ip'),
            apiKeyIdentifier: sql`null`.as('api_key_identifier'),
            batch: sql`null`.as('batch'),
            serverId: sql`${servers.id}`.as('server_id'),
            nodeId: node.as('node_id'),
            dedupeKey: sql`given.dedupe_key`.as('dedupe_key'),
          })
          .from(given)
          .innerJoin(servers, and(sql`${servers.uuid} = given.server`, sql`${servers.nodeId} = ${node}`))
          .leftJoin(users, sql`${users.uuid} = given.person`),
      )
      .onConflictDoNothing()
      .returning({ serverId: auditEvents.serverId }),
  )
  return db
    .with(written)
    .select({ told: notified('server', { serverId: written.serverId, what: 'activity' }) })
    .from(written)
    .groupBy(written.serverId)
    .prepare('record_node_activity')
}

let query: ReturnType<typeof prepare> | undefined

function rowOf(node: WingsNodeRow, row: ActivityRow) {
  const at = momentOf(row.timestamp)
  return {
    id: uuidAt(at),
    at,
    event: row.event.slice(0, 191),
    server: row.server,
    person: row.user,
    ip: row.ip,
    metadata: JSON.stringify(row.metadata),
    dedupe_key: keyOf(node, row),
  }
}

/** The node's own moment, to the millisecond; one that cannot be right is moved to where it may be. */
function momentOf(timestamp: string): string {
  const at = Date.parse(timestamp)
  const here = Date.now()
  return new Date(Math.min(Math.max(at, here - OLDEST_MS), here + AHEAD_MS)).toISOString()
}

const keyOf = (node: WingsNodeRow, { server, event, timestamp, ip, metadata, user }: ActivityRow): string =>
  hash('sha256', JSON.stringify([node.id, server, event, timestamp, ip, user, metadata]), 'base64url')
