import { hash } from 'node:crypto'
import type { ActivityRow } from '#server/contracts/remote'
import { now } from '#server/database/columns'
import { usePool } from '#server/database/client'
import type { WingsNodeRow } from '#server/database/schema'
import { CHANNEL, IDS_PER_HINT } from '#server/events/notify'

const OLDEST_MS = 30 * 86_400_000
const AHEAD_MS = 5 * 60_000

/**
 * A daemon sends its rows by the hundred, each node every minute: one statement, planned once, finds the servers and the
 * people, writes what is new and tells those who look on. What is of another node's server finds none.
 */
const RECORD = `
with sent as (
  select * from json_to_recordset($1::json)
    as sent(id text, at timestamp, server text, person text, action text, ip text, metadata text, key text)
), written as (
  insert into audit_events
    (id, occurred_at, created_at, actor, actor_type, actor_name, action,
     target_type, target_id, server_id, node_id, ip, metadata, dedupe_key)
  select sent.id, sent.at, $2::timestamp, coalesce(users.id, $3), case when users.id is null then 'node' else 'user' end,
         coalesce(users.username, $4), sent.action, 'server', servers.id, servers.id, $3, sent.ip, sent.metadata, sent.key
    from sent
    join servers on servers.uuid = sent.server and servers.node_id = $3
    left join users on users.uuid = sent.person
  on conflict do nothing
  returning server_id
), hinted as (
  select server_id, (row_number() over () - 1) / ${IDS_PER_HINT} as hint from (select distinct server_id from written) touched
)
select pg_notify('${CHANNEL}', json_build_object('topic', 'servers', 'told',
         json_build_object('serverIds', json_agg(server_id), 'what', 'activity'))::text)
  from hinted group by hint`

/**
 * Writes down what a node saw. Rows about servers of other nodes, and events that are not of servers, are passed over:
 * refusing one would make Wings send the batch again for ever. The same batch a thousand times is one.
 */
export async function recordNodeActivity(node: WingsNodeRow, batch: readonly ActivityRow[]): Promise<void> {
  const rows = batch.filter(({ event }) => event.startsWith('server:'))
  if (rows.length === 0) return

  const events = rows.map((row) => eventOf(node, row))
  const values = [JSON.stringify(events), now(), node.id, node.name]
  await usePool().query({ name: 'record_node_activity', text: RECORD, values })
}

function eventOf(node: WingsNodeRow, { server, user, event, ip, timestamp, ...row }: ActivityRow) {
  const metadata = JSON.stringify(row.metadata)
  const print = hash('sha256', JSON.stringify([node.id, server, event, timestamp, ip, user, metadata]))
  const said = Date.parse(timestamp)
  const here = Date.now()
  const isCredible = said >= here - OLDEST_MS && said <= here + AHEAD_MS
  // What cannot be right is moved to where it may be, and that place moves with the clock: its print is stored beside it.
  const at = isCredible ? said : said < here ? here - OLDEST_MS : here + AHEAD_MS
  return {
    id: idOf(at, timestamp, print),
    at: new Date(at).toISOString(),
    server,
    person: user,
    action: event.slice(0, 191).toWellFormed(),
    ip,
    metadata,
    key: isCredible ? null : print,
  }
}

/**
 * A version 7 whose random part is the event's own print: the same event has the same id, so that the primary key is all
 * that keeps it single. The digits of its moment below the millisecond follow next, for the order of two that are close.
 */
function idOf(at: number, timestamp: string, print: string): string {
  const moment = at.toString(16).padStart(12, '0')
  const [, digits = ''] = /\.\d{3}(\d+)/.exec(timestamp) ?? []
  const below = Math.floor(Number(`0.${digits || 0}`) * 4096)
  const fraction = below.toString(16).padStart(3, '0')
  const variant = (8 + (Number.parseInt(print.slice(0, 1), 16) & 3)).toString(16)
  return `${moment.slice(0, 8)}-${moment.slice(8)}-7${fraction}-${variant}${print.slice(1, 4)}-${print.slice(4, 16)}`
}
