import { z } from 'zod'
import { NOTIFICATION_NAMES, SERVER_KINDS, type NotificationKind } from '#shared/notifications'
import { endpoint } from '../endpoint'
import { item, list, page, type Plain } from '../envelope'
import { stamp } from '../fields'
import { pageQuery } from '../query'

/** Ours, all of it. Something that a person is told of, in words that the app finds by `kind`. */
export const notification = item(
  'notification',
  z.object({
    id: z.string(),
    kind: z.string(),
    /** What its sentence names. */
    slots: z.record(z.string(), z.union([z.string(), z.number()])),
    /** The identifier of the server it is about, while that is there and the person may see it. */
    server: z.string().nullable(),
    node: z.int().nullable(),
    read_at: stamp().nullable(),
    created_at: stamp(),
  }),
)
export type Notification = Plain<z.output<typeof notification>>

/** What somebody chose, or what counts as long as he has chosen nothing. */
export const notificationPreference = item(
  'notification_preference',
  z.object({
    kind: z.enum(NOTIFICATION_NAMES as [NotificationKind, ...NotificationKind[]]),
    bell: z.boolean(),
    mail: z.boolean(),
    /** Chosen for this server by itself; of the list for everywhere: chosen at all. */
    is_own: z.boolean(),
  }),
)
export type NotificationPreference = Plain<z.output<typeof notificationPreference>>

const choice = <Kinds extends [NotificationKind, ...NotificationKind[]]>(kinds: Kinds) =>
  z.object({
    kind: z.enum(kinds),
    /** Null for both goes back to what counts otherwise. */
    bell: z.boolean().nullable(),
    mail: z.boolean().nullable(),
  })
export const choosePreferenceBody = choice(NOTIFICATION_NAMES as [NotificationKind, ...NotificationKind[]])
export const chooseServerPreferenceBody = choice(SERVER_KINDS as [NotificationKind, ...NotificationKind[]])
export type ChoosePreferenceBody = z.output<typeof choosePreferenceBody>

export const notifications = {
  list: endpoint('GET /api/client/account/notifications', {
    query: pageQuery({ usual: 25, most: 100 }),
    reply: page(notification, { unread: z.int() }),
  }),
  /** Those named, or all. */
  read: endpoint('POST /api/client/account/notifications/read', {
    body: z.object({ ids: z.array(z.string().max(36)).max(100).nullish() }),
  }),
  preferences: endpoint('GET /api/client/account/notifications/preferences', { reply: list(notificationPreference) }),
  choose: endpoint('PUT /api/client/account/notifications/preferences', {
    body: choosePreferenceBody,
    reply: list(notificationPreference),
  }),
  ofServer: endpoint('GET /api/client/servers/:server/notifications', { reply: list(notificationPreference) }),
  chooseForServer: endpoint('PUT /api/client/servers/:server/notifications', {
    body: chooseServerPreferenceBody,
    reply: list(notificationPreference),
  }),
}
