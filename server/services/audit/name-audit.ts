import { z } from 'zod'
import { usePool } from '#server/database/client'
import type { AuditNames, AuditRow, NamesNow } from './read-audit'

type Kind = keyof NamesNow
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

/** Of what is gone what the event of its deletion says, the newest of that thing. */
function goneColumn(kind: Kind, value: string): string {
  // Rows of servers stand in an index of their own.
  const isThis = kind === 'server' ? 'e.server_id = g.id' : `e.target_type = '${kind}' and e.target_id = g.id`
  const deletion = `select e.metadata from audit_events e
    where ${isThis} and e.action = 'admin:${kind.replaceAll('_', '-')}.delete' order by e.id desc limit 1`
  return `(select json_object_agg('${kind}:' || g.id, (${deletion})) from unnest(${value}::text[]) g(id)
    where not exists (select 1 from ${PARTS[kind][1]} t where t.id = g.id)) as "gone ${kind}"`
}

/** The names of a page in one statement: each is looked up once, however many rows speak of it. */
export async function nameAudit(rows: readonly AuditRow[]): Promise<AuditNames> {
  const ids = Object.fromEntries(KINDS.map((kind) => [kind, new Set()])) as Record<Kind, Set<string>>
  for (const row of rows) {
    if (row.actor_type === 'user') ids.user.add(row.actor)
    if (row.impersonator_id !== null) ids.user.add(row.impersonator_id)
    if (row.server_id !== null) ids.server.add(row.server_id)
    if (isKind(row.target_type) && row.target_id !== null) ids[row.target_type].add(row.target_id)
  }

  const none = Object.fromEntries(KINDS.map((kind) => [kind, {}])) as NamesNow
  const asked = KINDS.filter((kind) => ids[kind].size > 0)
  if (asked.length === 0) return { ...none, former: {} }
  const columns = asked.flatMap((kind, at) => {
    const [told, table] = PARTS[kind]
    const value = `$${at + 1}`
    return [
      `(select json_object_agg(id, ${told}) from ${table} where id = any(${value})) as "${kind}"`,
      goneColumn(kind, value),
    ]
  })
  // By their places: PostgreSQL tells names of statements apart by their first 63 bytes.
  const places = asked.map((kind) => KINDS.indexOf(kind)).join(' ')
  const { rows: found } = await usePool().query<Record<string, Record<string, unknown> | null>>({
    name: `audit names ${places}`,
    text: `select ${columns.join(', ')}`,
    values: asked.map((kind) => [...ids[kind]]),
  })
  const told = found[0] ?? {}
  const now = asked.map((kind) => [kind, told[kind] ?? {}])
  const gone = asked.flatMap((kind) => Object.entries(told[`gone ${kind}`] ?? {}))
  return {
    ...none,
    ...(Object.fromEntries(now) as Partial<NamesNow>),
    former: Object.fromEntries(gone.map(([key, text]) => [key, formerName(text)])),
  }
}

const deletion = z.object({
  name: z.string().optional(),
  username: z.string().optional(),
  short: z.string().optional(),
  before: z.object({ name: z.string().optional(), title: z.string().optional() }).optional(),
})

function formerName(told: unknown): string | undefined {
  if (typeof told !== 'string') return undefined
  const { data } = deletion.safeParse(JSON.parse(told))
  return data?.name ?? data?.username ?? data?.short ?? data?.before?.name ?? data?.before?.title
}
