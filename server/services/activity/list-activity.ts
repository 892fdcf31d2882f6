import { and, asc, desc, eq, gte, inArray, lt, ne, or, sql, type SQL } from 'drizzle-orm'
import { alias, union } from 'drizzle-orm/pg-core'
import { useDrizzle } from '#server/database/client'
import { apiKeys, auditEvents, auditSubjects, users, type AuditEventRow, type UserRow } from '#server/database/schema'
import { containsAny } from '#server/services/servers/search-servers'
import { NEVER_LISTED } from '#shared/activity-events'

export interface ListedActivity {
  event: AuditEventRow
  /** Null: the panel itself, a node, or somebody who is gone. */
  actor: UserRow | null
  /** The administrator who acted as him. */
  impersonator: string | null
  /** What its owner calls the key that it was done with. */
  keyName: string | null
}

/**
 * `person` is uuids of people, `system` and `node`; `since` and `until` are moments; `search` looks into the event and what
 * is told of it, addresses excepted.
 */
export const ACTIVITY_FILTERS = ['event', 'person', 'since', 'until', 'search'] as const
export const ACTIVITY_SORTS = ['timestamp'] as const

export type ActivityFilters = Partial<Record<(typeof ACTIVITY_FILTERS)[number], string>>

export interface ListActivity {
  page: number
  size: number
  filters: ActivityFilters
  sorts: { descending: boolean }[]
}

export const impersonators = alias(users, 'impersonators')

/** What is read of each, wherever it is listed. */
export const listed = { event: auditEvents, actor: users, impersonator: impersonators.username, keyName: apiKeys.memo }

/** What happened to an account or was done by it: the events that have it as a subject. Oldest first unless asked otherwise. */
export async function listAccountActivity(userId: string, { page, size, filters, sorts }: ListActivity) {
  const db = useDrizzle()
  const isSubject = and(eq(auditSubjects.type, 'user'), eq(auditSubjects.id, userId))
  const condition = and(isSubject, ne(auditEvents.action, NEVER_LISTED), matches(filters))
  const order = (sorts[0]?.descending ? desc : asc)(auditSubjects.eventId)

  const [rows, [counted]] = await Promise.all([
    db
      .select(listed)
      .from(auditSubjects)
      .innerJoin(auditEvents, eq(auditEvents.id, auditSubjects.eventId))
      .leftJoin(users, and(eq(auditEvents.actorType, 'user'), eq(users.id, auditEvents.actor)))
      .leftJoin(impersonators, eq(impersonators.id, auditEvents.impersonatorId))
      .leftJoin(apiKeys, eq(apiKeys.identifier, auditEvents.apiKeyIdentifier))
      .where(condition)
      .orderBy(order)
      .limit(size)
      .offset((page - 1) * size),
    db
      .select({ total: sql<number>`count(*)::int` })
      .from(auditSubjects)
      .innerJoin(auditEvents, eq(auditEvents.id, auditSubjects.eventId))
      .where(condition),
  ])
  return { rows: rows as ListedActivity[], total: counted?.total ?? 0, page, size }
}

/** What was done to a node, or concerned it beside something else. */
export async function listNodeActivity(nodeId: string, { page, size, filters, sorts }: ListActivity) {
  const db = useDrizzle()
  const concerned = db
    .select({ id: auditSubjects.eventId })
    .from(auditSubjects)
    .where(and(eq(auditSubjects.type, 'node'), eq(auditSubjects.id, nodeId)))
  const own = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(eq(auditEvents.targetType, 'node'), eq(auditEvents.targetId, nodeId)))
  const condition = and(inArray(auditEvents.id, union(own, concerned)), matches(filters))
  const [rows, total] = await Promise.all([
    db
      .select(listed)
      .from(auditEvents)
      .leftJoin(users, and(eq(auditEvents.actorType, 'user'), eq(users.id, auditEvents.actor)))
      .leftJoin(impersonators, eq(impersonators.id, auditEvents.impersonatorId))
      .leftJoin(apiKeys, eq(apiKeys.identifier, auditEvents.apiKeyIdentifier))
      .where(condition)
      .orderBy((sorts[0]?.descending ? desc : asc)(auditEvents.id))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(auditEvents, condition),
  ])
  return { rows: rows as ListedActivity[], total, page, size }
}

export function matches({ event, person, since, until, search }: ActivityFilters): SQL | undefined {
  const [from, to] = [momentOf(since), momentOf(until)]
  return and(
    event === undefined ? undefined : containsAny(auditEvents.action, event),
    person === undefined ? undefined : isBy(person.split(',')),
    from === undefined ? undefined : gte(auditEvents.occurredAt, from),
    to === undefined ? undefined : lt(auditEvents.occurredAt, to),
    search === undefined ? undefined : says(search),
  )
}

function isBy(names: readonly string[]): SQL | undefined {
  const nobodies = names.filter((name) => name === 'system' || name === 'node')
  const people = useDrizzle()
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.uuid, [...names]))
  return or(
    inArray(auditEvents.actorType, nobodies),
    and(eq(auditEvents.actorType, 'user'), inArray(auditEvents.actor, people)),
  )
}

/** Nobody finds out by searching what he is not shown: the address of somebody else. */
const told = sql<string>`regexp_replace(${auditEvents.metadata}, '"ip"\\s*:\\s*"[^"]*"', '', 'g')`

const says = (text: string): SQL | undefined => or(containsAny(auditEvents.action, text), containsAny(told, text))

/** What is no moment narrows nothing. */
function momentOf(text: string | undefined): string | undefined {
  const moment = Date.parse(text ?? '')
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString()
}
