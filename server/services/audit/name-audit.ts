import { usePool } from '#server/database/client'
import type { AuditNames, AuditRow } from './read-audit'

type Kind = keyof AuditNames
const NAMED = `json_build_object('name', name)`

/** What is told of each kind of thing, and in which table it stands. */
const PARTS: Record<Kind, readonly [told: string, table: string]> = {
  user: [`json_build_object('uuid', uuid, 'name', username)`, 'users'],
  server: [`json_build_object('identifier', identifier, 'name', name)`, 'servers'],
  node: [NAMED, 'wings_nodes'],
  egg: [NAMED, 'eggs'],
  nest: [NAMED, 'nests'],
  mount: [NAMED, 'mounts'],
  role: [NAMED, 'roles'],
  location: [`json_build_object('name', short)`, 'locations'],
  backup_host: [NAMED, 'backup_hosts'],
  database_host: [NAMED, 'database_hosts'],
  egg_source: [NAMED, 'egg_sources'],
  identity_provider: [NAMED, 'identity_providers'],
  announcement: [`json_build_object('name', title)`, 'announcements'],
}
const KINDS = Object.keys(PARTS) as Kind[]
const isKind = (type: string): type is Kind => Object.hasOwn(PARTS, type)

/** The names of a page in one statement: each is looked up once, however many rows speak of it. */
export async function nameAudit(rows: readonly AuditRow[]): Promise<AuditNames> {
  const ids = Object.fromEntries(KINDS.map((kind) => [kind, new Set()])) as Record<Kind, Set<string>>
  for (const row of rows) {
    if (row.actor_type === 'user') ids.user.add(row.actor)
    if (row.impersonator_id !== null) ids.user.add(row.impersonator_id)
    if (row.server_id !== null) ids.server.add(row.server_id)
    if (isKind(row.target_type) && row.target_id !== null) ids[row.target_type].add(row.target_id)
  }

  const none = Object.fromEntries(KINDS.map((kind) => [kind, {}])) as AuditNames
  const asked = KINDS.filter((kind) => ids[kind].size > 0)
  if (asked.length === 0) return none
  const columns = asked.map((kind, at) => {
    const [told, table] = PARTS[kind]
    return `(select json_object_agg(id, ${told}) from ${table} where id = any($${at + 1})) as "${kind}"`
  })
  // By their places: PostgreSQL tells names of statements apart by their first 63 bytes.
  const places = asked.map((kind) => KINDS.indexOf(kind)).join(' ')
  const { rows: found } = await usePool().query<Record<Kind, AuditNames[Kind] | null>>({
    name: `audit names ${places}`,
    text: `select ${columns.join(', ')}`,
    values: asked.map((kind) => [...ids[kind]]),
  })
  const told = Object.entries(found[0] ?? {}).filter(([, names]) => names !== null)
  return { ...none, ...(Object.fromEntries(told) as Partial<AuditNames>) }
}
