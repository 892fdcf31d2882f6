import { and, asc, desc, eq, ne, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { auditEvents, auditSubjects, users, type AuditEventRow, type UserRow } from '#server/database/schema'
import { containsAny } from '#server/services/servers/search-servers'
import { NEVER_LISTED } from '#shared/activity-events'

export interface ListedActivity {
  event: AuditEventRow
  /** Null: the panel itself, a node, or somebody who is gone. */
  actor: UserRow | null
}

export const ACTIVITY_FILTERS = ['event'] as const
export const ACTIVITY_SORTS = ['timestamp'] as const

interface ListActivity {
  page: number
  size: number
  filters: { event?: string }
  sorts: { descending: boolean }[]
}

/** What happened to an account or was done by it: the events that have it as a subject. Oldest first unless asked otherwise. */
export async function listAccountActivity(userId: string, { page, size, filters, sorts }: ListActivity) {
  const db = useDrizzle()
  const isSubject = and(eq(auditSubjects.type, 'user'), eq(auditSubjects.id, userId))
  const condition = and(isSubject, ne(auditEvents.action, NEVER_LISTED), eventIs(filters.event))
  const order = (sorts[0]?.descending ? desc : asc)(auditSubjects.eventId)

  const [rows, [counted]] = await Promise.all([
    db
      .select({ event: auditEvents, actor: users })
      .from(auditSubjects)
      .innerJoin(auditEvents, eq(auditEvents.id, auditSubjects.eventId))
      .leftJoin(users, and(eq(auditEvents.actorType, 'user'), eq(users.id, auditEvents.actor)))
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

const eventIs = (text: string | undefined): SQL | undefined =>
  text === undefined ? undefined : containsAny(auditEvents.action, text)
