import { usePool } from '#server/database/client'
import type { AuditNames, AuditRow } from './read-audit'

const PARTS = {
  users: [`json_build_object('uuid', uuid, 'name', username)`, 'users'],
  servers: [`json_build_object('identifier', identifier, 'name', name)`, 'servers'],
  nodes: [`json_build_object('name', name)`, 'wings_nodes'],
  eggs: [`json_build_object('name', name)`, 'eggs'],
} as const

type Part = keyof typeof PARTS
const KINDS: Record<string, Part> = { user: 'users', server: 'servers', node: 'nodes', egg: 'eggs' }

/** The names of a page in one statement: each is looked up once, however many rows speak of it. */
export async function nameAudit(rows: readonly AuditRow[]): Promise<AuditNames> {
  const ids: Record<Part, Set<string>> = { users: new Set(), servers: new Set(), nodes: new Set(), eggs: new Set() }
  for (const row of rows) {
    if (row.actor_type === 'user') ids.users.add(row.actor)
    if (row.impersonator_id !== null) ids.users.add(row.impersonator_id)
    if (row.server_id !== null) ids.servers.add(row.server_id)
    const kind = KINDS[row.target_type]
    if (kind && row.target_id !== null) ids[kind].add(row.target_id)
  }

  const none: AuditNames = { users: {}, servers: {}, nodes: {}, eggs: {} }
  const asked = (Object.keys(PARTS) as Part[]).filter((part) => ids[part].size > 0)
  if (asked.length === 0) return none
  const columns = asked.map((part, at) => {
    const [told, table] = PARTS[part]
    return `(select json_object_agg(id, ${told}) from ${table} where id = any($${at + 1})) as ${part}`
  })
  const { rows: found } = await usePool().query<Record<Part, AuditNames[Part] | null>>({
    name: `audit names ${asked.join(' ')}`,
    text: `select ${columns.join(', ')}`,
    values: asked.map((part) => [...ids[part]]),
  })
  const told = Object.entries(found[0] ?? {}).filter(([, names]) => names !== null)
  return { ...none, ...(Object.fromEntries(told) as Partial<AuditNames>) }
}
