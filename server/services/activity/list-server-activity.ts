import { and, asc, desc, eq, ne } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { apiKeys, auditEvents, users } from '#server/database/schema'
import { impersonators, listed, matches, type ListActivity, type ListedActivity } from './list-activity'
import { NEVER_LISTED } from '#shared/activity-events'

/** What happened to a server and on it, whoever did it, administrators among them. Oldest first unless asked otherwise. */
export async function listServerActivity(serverId: string, { page, size, filters, sorts }: ListActivity) {
  const db = useDrizzle()
  const condition = and(eq(auditEvents.serverId, serverId), ne(auditEvents.action, NEVER_LISTED), matches(filters))
  const order = sorts[0]?.descending ? desc : asc
  const [rows, total] = await Promise.all([
    db
      .select(listed)
      .from(auditEvents)
      .leftJoin(users, and(eq(auditEvents.actorType, 'user'), eq(users.id, auditEvents.actor)))
      .leftJoin(impersonators, eq(impersonators.id, auditEvents.impersonatorId))
      .leftJoin(apiKeys, eq(apiKeys.identifier, auditEvents.apiKeyIdentifier))
      .where(condition)
      .orderBy(order(auditEvents.occurredAt), order(auditEvents.id))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(auditEvents, condition),
  ])
  return { rows: rows as ListedActivity[], total, page, size }
}
