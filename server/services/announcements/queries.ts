import { and, desc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { sqlNow } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import {
  announcementDismissals,
  announcements,
  servers,
  serverSubusers,
  wingsNodes,
  type AnnouncementRow,
} from '#server/database/schema'
import { AppError } from '#server/errors'
import { isAdministrator, mayAdminister } from '#server/policies/administration-policy'

/** An announcement, and what the node is called whose people it is for. */
export interface AnnouncementView {
  announcement: AnnouncementRow
  node: { id: string; name: string } | null
}

const selectViews = (executor: Executor) =>
  executor
    .select({ announcement: announcements, node: { id: wingsNodes.id, name: wingsNodes.name } })
    .from(announcements)
    .leftJoin(wingsNodes, eq(wingsNodes.id, announcements.nodeId))

/** What lies on nodes that his roles do not reach is not there for him. */
const reachedBy = ({ isRootAdmin, nodeIds }: Person) =>
  isRootAdmin || nodeIds === null
    ? undefined
    : or(isNull(announcements.nodeId), inArray(announcements.nodeId, [...nodeIds]))

export async function listAnnouncements({ actor, page, size }: { actor: Person; page: number; size: number }) {
  const db = useDrizzle()
  const condition = reachedBy(actor)
  const [rows, total] = await Promise.all([
    selectViews(db)
      .where(condition)
      .orderBy(desc(announcements.startsAt), desc(announcements.id))
      .limit(size)
      .offset((page - 1) * size),
    db.$count(announcements, condition),
  ])
  return { rows, total, page, size }
}

/** @throws {AppError} `resource.not_found` */
export async function getAnnouncement(
  actor: Person,
  id: string,
  executor: Executor = useDrizzle(),
): Promise<AnnouncementView> {
  const [view] = await selectViews(executor).where(and(eq(announcements.id, id), reachedBy(actor)))
  if (!view) throw new AppError('resource.not_found')
  return view
}

/** More than anybody reads one after the other. */
const SHOWN_MOST = 20

/** What concerns this person now and was not put away; the gravest first. */
export async function listShown(actor: Person): Promise<AnnouncementRow[]> {
  const db = useDrizzle()
  const shared = db
    .select({ id: serverSubusers.serverId })
    .from(serverSubusers)
    .where(eq(serverSubusers.userId, actor.userId))
  const ofMyServers = db
    .select({ nodeId: servers.nodeId })
    .from(servers)
    .where(or(eq(servers.ownerId, actor.userId), inArray(servers.id, shared)))
  const putAway = db
    .select({ id: announcementDismissals.announcementId })
    .from(announcementDismissals)
    .where(eq(announcementDismissals.userId, actor.userId))

  const concernsMe = or(
    eq(announcements.audience, 'everyone'),
    isAdministrator(actor) ? eq(announcements.audience, 'administrators') : undefined,
    inArray(announcements.nodeId, ofMyServers),
    mayAdminister(actor, 'nodes', 'read') ? and(eq(announcements.audience, 'node'), reachedBy(actor)) : undefined,
  )
  return db
    .select()
    .from(announcements)
    .where(
      and(
        concernsMe,
        lte(announcements.startsAt, sqlNow),
        or(isNull(announcements.endsAt), gt(announcements.endsAt, sqlNow)),
        sql`not (${announcements.isDismissible} and ${announcements.id} in ${putAway})`,
      ),
    )
    .orderBy(
      sql`array_position(array['error', 'warning', 'info'], ${announcements.level})`,
      desc(announcements.startsAt),
      announcements.id,
    )
    .limit(SHOWN_MOST)
}
