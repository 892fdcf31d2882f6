import { hash } from 'node:crypto'
import { usePool } from '#server/database/client'
import type { Statement } from './conditions'

const COLUMNS = [
  'id',
  'occurred_at',
  'action',
  'batch',
  'actor',
  'actor_type',
  'actor_name',
  'impersonator_id',
  'api_key_identifier',
  'ip',
  'target_type',
  'target_id',
  'metadata',
  'server_id',
] as const

export interface AuditRow extends Record<(typeof COLUMNS)[number], string | null> {
  id: string
  occurred_at: string
  action: string
  actor: string
  actor_type: 'user' | 'node' | 'system'
  target_type: string
}

type Names<Told> = Record<string, Told | undefined>

/** Those of whom rows speak, as they are called now; who is gone is missing. */
export type NamesNow = {
  user: Names<{ uuid: string; name: string }>
  server: Names<{ identifier: string; name: string }>
} & Record<
  | 'node'
  | 'egg'
  | 'nest'
  | 'mount'
  | 'role'
  | 'location'
  | 'backup_host'
  | 'database_host'
  | 'egg_source'
  | 'identity_provider'
  | 'announcement',
  Names<{ name: string }>
>

/** And what is gone, by `type:id`, as it was called when it was deleted. */
export type AuditNames = NamesNow & { former: Names<string> }

export interface FoundAudit {
  rows: AuditRow[]
  names: AuditNames
  hasMore: boolean
  /** From where the next page goes on. */
  before: string | null
  /** How far free text has looked, ISO. */
  searchedTo: string | null
}

const FIELDS = COLUMNS.map((column) => `e.${column}`).join(', ')

/** The newest `amount` of what is asked: one statement, and of each index no more than that. */
export async function readAudit({ where, walks, values, isUsual }: Statement, amount: number): Promise<AuditRow[]> {
  const limit = `limit ${Number(amount)}`
  const ways = walks.map(
    (walk) =>
      `(select ${FIELDS} from audit_events e where ${[...walk.where, ...where].join(' and ')} order by e.id desc ${limit})`,
  )
  const page =
    ways.length === 1
      ? ways[0]?.slice(1, -1)
      : `select distinct on (u.id) u.* from (${ways.join(' union all ')}) u order by u.id desc ${limit}`
  const text = page ?? ''
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
