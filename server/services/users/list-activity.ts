import { and, desc, eq, inArray, ne, sql, type SQL } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { apiKeys, auditEvents, auditSubjects, users, type UserRow } from '#server/database/schema'
import {
  impersonators,
  listed,
  matches,
  type ActivityFilters,
  type ListedActivity,
} from '#server/services/activity/list-activity'
import { liesWithin } from '#server/services/audit/conditions'
import { NEVER_LISTED } from '#shared/activity-events'

interface ListActivityAround {
  actor: Pick<Actor, 'isRootAdmin' | 'nodeIds'>
  user: Pick<UserRow, 'id'>
  page: number
  size: number
  filters: ActivityFilters
}

/** What somebody did, in his name or as somebody else, and what was done to his account. The newest first. */
export async function listActivityAround({ actor, user, page, size, filters }: ListActivityAround) {
  const db = useDrizzle()
  // Each by its own index; a plain `or` would read all that ever happened.
  const ids = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(eq(auditEvents.actor, user.id), eq(auditEvents.actorType, 'user')))
    .unionAll(db.select({ id: auditEvents.id }).from(auditEvents).where(eq(auditEvents.impersonatorId, user.id)))
    .unionAll(
      db
        .select({ id: auditEvents.id })
        .from(auditEvents)
        .where(and(eq(auditEvents.targetType, 'user'), eq(auditEvents.targetId, user.id))),
    )
    .unionAll(
      db
        .select({ id: auditSubjects.eventId })
        .from(auditSubjects)
        .where(and(eq(auditSubjects.type, 'user'), eq(auditSubjects.id, user.id))),
    )
  const condition = and(
    inArray(auditEvents.id, ids),
    ne(auditEvents.action, NEVER_LISTED),
    matches(filters),
    onReachedNodes(actor),
  )
  const [rows, total] = await Promise.all([
    db
      .select(listed)
      .from(auditEvents)
      .leftJoin(users, and(eq(auditEvents.actorType, 'user'), eq(users.id, auditEvents.actor)))
      .leftJoin(impersonators, eq(impersonators.id, auditEvents.impersonatorId))
      .leftJoin(apiKeys, eq(apiKeys.identifier, auditEvents.apiKeyIdentifier))
      .where(condition)
      .orderBy(desc(auditEvents.id))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(auditEvents, condition),
  ])
  return { rows: rows as ListedActivity[], total, page, size }
}

/** By the rule of the audit: what lies on a node elsewhere is not for whoever is limited to nodes. */
function onReachedNodes({ isRootAdmin, nodeIds }: ListActivityAround['actor']): SQL | undefined {
  if (isRootAdmin || nodeIds === null) return undefined
  const reached = sql`(select ${sql.param([...nodeIds])}::text[] as ids) reached`
  return sql`exists (select 1 from ${auditEvents} e, ${reached} where e.id = ${eventId} and ${sql.raw(liesWithin('reached.ids'))})`
}

/** In full: alone in a query the builder would leave the table's name out, and inside the question above another's id is meant. */
const eventId = sql`${auditEvents}.${sql.identifier('id')}`
