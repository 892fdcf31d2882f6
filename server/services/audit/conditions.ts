import type { Actor } from '#server/auth/actor'
import { refusedField } from '#server/errors'
import { NEVER_LISTED } from '#shared/activity-events'

export const AUDIT_FILTERS = ['person', 'action', 'object', 'key', 'scope', 'from', 'to', '*'] as const

export interface AuditQuery {
  /** A restricted administrator sees what lies on his nodes, and what lies on none. */
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>
  filters: Partial<Record<(typeof AUDIT_FILTERS)[number], string>>
  seesAddresses: boolean
  /** Only what is older. */
  before?: string
}

/** One index each can be walked along: the newest so many of it, then the newest of all of them. */
interface Walk {
  where: string[]
}

export interface Statement {
  /** What every walk asks for besides its own. */
  where: string[]
  walks: Walk[]
  values: unknown[]
  /** Whether the same text comes again and again, so that it is worth being planned once. */
  isUsual: boolean
}

/** What administrators did, also under somebody else's name. The very words of the partial indexes, or none is found. */
const ADMINISTRATION: Walk[] = [{ where: [`e.action like 'admin:%'`] }, { where: ['e.impersonator_id is not null'] }]

/**
 * What is asked, as walks along indexes that end in the id. What narrows most leads; the rest is asked of each row.
 *
 * @throws {AppError} `request.invalid`
 */
export function statementOf({ actor, filters, before }: AuditQuery): Statement {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const where = [`e.action <> '${NEVER_LISTED}'`]

  const { from, to } = periodOf(filters)
  if (before) where.push(`e.id < ${given(before)}`)
  if (from !== undefined) where.push(`e.id >= ${given(boundOf(from))}`)
  if (to !== undefined) where.push(`e.id < ${given(boundOf(to))}`)
  if (!actor.isRootAdmin && actor.nodeIds) where.push(liesWithin(given([...actor.nodeIds])))
  const leads = [
    objectWalks(filters.object, given),
    keyWalks(filters.key, given),
    personWalks(filters.person, given),
    actionWalks(filters.action, given),
    scopeWalks(filters.scope),
  ]
  const [lead, ...others] = leads.filter((walks) => walks.length > 0)
  where.push(...others.map((walks) => `(${walks.map((walk) => `(${walk.where.join(' and ')})`).join(' or ')})`))

  const isUsual = Object.keys(filters).length <= 1 && values.length <= 2
  return { where, walks: lead ?? [{ where: [] }], values, isUsual }
}

type Given = (value: unknown) => string

const partsOf = (text: string | undefined) => (text ?? '').split(',').filter(Boolean)

/** What he did, and what somebody did who acted as him: both are his. Nodes have numbers, too. */
function personWalks(text: string | undefined, given: Given): Walk[] {
  return partsOf(text).flatMap((id) => {
    const slot = given(id)
    return [
      { where: [`e.actor = ${slot}`, `e.actor_type = 'user'`] },
      { where: [`e.impersonator_id is not null and e.impersonator_id = ${slot}`] },
    ]
  })
}

const keyWalks = (text: string | undefined, given: Given): Walk[] =>
  partsOf(text).map((key) => ({
    where: [`e.api_key_identifier is not null and e.api_key_identifier = ${given(key)}`],
  }))

const actionWalks = (text: string | undefined, given: Given): Walk[] =>
  [...new Set(partsOf(text))].map((action) => ({ where: [`e.action = ${given(action)}`] }))

function scopeWalks(scope: string | undefined): Walk[] {
  if (scope === undefined) return []
  if (scope !== 'administration') throw refusedField('filter.scope', 'in', 'The selected scope is invalid.')
  return ADMINISTRATION
}

/** A server's is all that belongs to it; anything else is meant as target or as one of the subjects. */
function objectWalks(text: string | undefined, given: Given): Walk[] {
  return partsOf(text).flatMap((part) => {
    const [, type = '', id] = /^([a-z_]{1,32}):(.+)$/.exec(part) ?? []
    if (id === undefined) throw refusedField('filter.object', 'regex', 'The object is written as type:id.')
    if (type === 'server') return [{ where: [`e.server_id is not null and e.server_id = ${given(id)}`] }]
    const isTarget = `e.target_type = ${given(type)} and e.target_id = ${given(id)} and e.target_type <> 'server'`
    const concerns = `e.id in (select s.event_id from audit_subjects s where s.type = ${given(type)} and s.id = ${given(id)})`
    return [{ where: [isTarget] }, { where: [concerns, `not (${isTarget})`] }]
  })
}

/** Of a row `e`, and an array of nodes. One that lies on no node is read by everybody who reads the audit. */
export const liesWithin = (nodes: string) => `case
  when e.server_id is not null then exists (select 1 from servers s where s.id = e.server_id and s.node_id = any(${nodes}))
  when e.target_type = 'node' then e.target_id = any(${nodes})
  when e.node_id is not null then e.node_id = any(${nodes})
  when e.target_type = 'allocation' then exists (select 1 from audit_subjects n where n.event_id = e.id and n.type = 'node' and n.id = any(${nodes}))
  else not exists (select 1 from audit_subjects n where n.event_id = e.id and n.type = 'node' and n.id <> all(${nodes})) end`

/** The ends of the period, ms. @throws {AppError} `request.invalid` */
export function periodOf({ from, to }: AuditQuery['filters']): { from?: number; to?: number } {
  return { from: momentOf('from', from), to: momentOf('to', to) }
}

function momentOf(name: 'from' | 'to', text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const moment = /^\d{4}-\d\d-\d\d(T[\d:.]{5,12}(Z|[+-]\d\d:?\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(moment) || moment < 0)
    throw refusedField(`filter.${name}`, 'date', `The ${name} is not a valid date.`)
  return moment
}

/** The least id of a moment: ids begin with it. */
function boundOf(moment: number): string {
  const digits = Math.min(moment, 0xffff_ffff_ffff).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`
}
