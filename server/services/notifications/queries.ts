import { and, count, desc, eq, isNull } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import {
  notificationPreferences,
  notifications,
  servers,
  type NotificationRow,
  type ServerRow,
} from '#server/database/schema'
import { visibleServers } from '#server/services/events/visible-servers'
import type { PageQuery } from '#shared/contracts/query'
import { kindOf, NOTIFICATION_NAMES, SERVER_KINDS, type NotificationKind } from '#shared/notifications'

export interface ListedNotification {
  notification: NotificationRow
  /** Of its server, where the person may still see it. */
  identifier: string | null
}

/** Somebody's inbox, the newest first. */
export async function listNotifications(actor: Person, { page, per_page: size }: PageQuery) {
  const db = useDrizzle()
  const isOwn = eq(notifications.userId, actor.userId)
  const [found, [counted], [waiting], visible] = await Promise.all([
    db
      .select({ notification: notifications, identifier: servers.identifier })
      .from(notifications)
      .leftJoin(servers, eq(servers.id, notifications.serverId))
      .where(isOwn)
      .orderBy(desc(notifications.id))
      .limit(size)
      .offset((page - 1) * size),
    db.select({ total: count() }).from(notifications).where(isOwn),
    db
      .select({ unread: count() })
      .from(notifications)
      .where(and(isOwn, isNull(notifications.readAt))),
    visibleServers(actor),
  ])
  const rows = found.map(({ notification, identifier }) => ({
    notification,
    identifier: !visible || visible.has(notification.serverId ?? '') ? identifier : null,
  }))
  return { rows, total: counted?.total ?? 0, unread: waiting?.unread ?? 0, page, size }
}

export interface ListedPreference {
  kind: NotificationKind
  bell: boolean
  mail: boolean
  isOwn: boolean
}

/** What somebody is told of everywhere. What is the administration's is listed to whoever may see that. */
export async function listPreferences(userId: string, isAdministrator: boolean): Promise<ListedPreference[]> {
  const chosen = await choicesOf(userId)
  return NOTIFICATION_NAMES.filter((kind) => isAdministrator || kindOf(kind).group !== 'administration').map((kind) => {
    const usual = kindOf(kind)
    const own = usual.isFixed ? undefined : chosen.find((one) => one.kind === kind && one.serverId === null)
    const { bell, mail } = own ?? usual
    return { kind, bell, mail, isOwn: own !== undefined }
  })
}

/** What somebody is told of one server: what he chose for it, else as everywhere; of one shared with him, else nothing. */
export async function listServerPreferences(
  userId: string,
  server: Pick<ServerRow, 'id' | 'ownerId'>,
): Promise<ListedPreference[]> {
  const chosen = await choicesOf(userId)
  return SERVER_KINDS.map((kind) => {
    const here = chosen.find((one) => one.kind === kind && one.serverId === server.id)
    const everywhere = chosen.find((one) => one.kind === kind && one.serverId === null) ?? kindOf(kind)
    const { bell, mail } = here ?? (server.ownerId === userId ? everywhere : { bell: false, mail: false })
    return { kind, bell, mail, isOwn: here !== undefined }
  })
}

const choicesOf = (userId: string) =>
  useDrizzle().select().from(notificationPreferences).where(eq(notificationPreferences.userId, userId))
