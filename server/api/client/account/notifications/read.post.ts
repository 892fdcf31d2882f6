import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { markRead } from '#server/services/notifications/mark-read'
import { notifications } from '#shared/contracts/client/notifications'

export default defineRoute(notifications.read, {
  access: signedIn({ exempt: ['two-factor'] }),
  handle: ({ actor, body }) => markRead({ actor, ids: body.ids ?? null }),
})
