import { hash } from 'node:crypto'
import { usePool } from '#server/database/client'
import type { Statement } from './conditions'

/** A row with the names of those whom it speaks of, as they are now. */
export interface AuditRow {
  id: string
  occurred_at: string
  action: string
  batch: string | null
  actor: string
  actor_type: 'user' | 'node' | 'system'
  actor_name: string | null
  api_key_identifier: string | null
  ip: string | null
  target_type: string
  target_id: string | null
  metadata: string | null
  server_id: string | null
  actor_uuid: string | null
  actor_now: string | null
  impersonator_id: string | null
  impersonator_uuid: string | null
  impersonator_now: string | null
  server_identifier: string | null
  server_name: string | null
  target_name: string | null
}

export interface FoundAudit {
  rows: AuditRow[]
  hasMore: boolean
  /** From where the next page goes on. */
  before: string | null
  /** How far free text has looked, ISO. */
  searchedTo: string | null
}

/** Whom a row speaks of: looked up for the rows of a page only. */
const NAMED = `
select p.id, p.occurred_at, p.action, p.batch, p.actor, p.actor_type, p.actor_name, p.api_key_identifier, p.ip,
       p.target_type, p.target_id, p.metadata, p.server_id,
       a.uuid as actor_uuid, a.username as actor_now,
       p.impersonator_id, i.uuid as impersonator_uuid, i.username as impersonator_now,
       s.identifier as server_identifier, s.name as server_name,
       case p.target_type
         when 'server' then s.name
         when 'user' then (select username from users u where u.id = p.target_id)
         when 'node' then (select name from wings_nodes n where n.id = p.target_id)
         when 'egg' then (select name from eggs g where g.id = p.target_id)
       end as target_name
  from page p
  left join users a on p.actor_type = 'user' and a.id = p.actor
  left join users i on i.id = p.impersonator_id
  left join servers s on s.id = p.server_id
 order by p.id desc`

/** The newest `amount` of what is asked: one statement, and of each index no more than that. */
export async function readAudit({ where, walks, values, isUsual }: Statement, amount: number): Promise<AuditRow[]> {
  const limit = `limit ${Number(amount)}`
  const ways = walks.map(
    (walk) =>
      `(select e.* from audit_events e where ${[...walk.where, ...where].join(' and ')} order by e.id desc ${limit})`,
  )
  const page =
    ways.length === 1
      ? ways[0]?.slice(1, -1)
      : `select distinct on (u.id) u.* from (${ways.join(' union all ')}) u order by u.id desc ${limit}`
  const text = `with page as materialized (${page})${NAMED}`
  const { rows } = await usePool().query<AuditRow>({ ...(isUsual && { name: nameOf(text) }), text, values })
  return rows
}

const names = new Map<string, string>()

/** Statements are told apart by what they say. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = `audit_${hash('sha256', text).slice(0, 16)}`
  names.set(text, name)
  return name
}
