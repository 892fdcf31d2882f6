import { z } from 'zod'
import type { notification, notificationPreference } from '#shared/contracts/client/notifications'
import type { Wire } from '#shared/contracts/envelope'
import { notificationData } from '#server/database/json'
import { itemOf, stampOf } from '#server/serializers/envelope'
import type { ListedNotification, ListedPreference } from '#server/services/notifications/queries'

/** Where somebody was is not for whoever only acts as him. */
export function serializeNotification(
  { notification: row, identifier }: ListedNotification,
  { showsAddress }: { showsAddress: boolean },
): Wire<typeof notification> {
  const slots = z.safeDecode(notificationData, row.data).data ?? {}
  return itemOf('notification', {
    id: row.id,
    kind: row.kind,
    slots: 'ip' in slots && !showsAddress ? { ...slots, ip: '–' } : slots,
    server: identifier,
    node: row.nodeId === null ? null : Number(row.nodeId),
    read_at: row.readAt && stampOf(row.readAt),
    created_at: stampOf(row.createdAt),
  })
}

export const serializePreference = ({
  kind,
  bell,
  mail,
  isOwn,
}: ListedPreference): Wire<typeof notificationPreference> =>
  itemOf('notification_preference', { kind, bell, mail, is_own: isOwn })
