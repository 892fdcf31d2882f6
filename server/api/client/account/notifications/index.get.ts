import { signedIn } from '#server/http/access'
import { isActing } from '#server/http/acting'
import { defineRoute } from '#server/http/define-route'
import { serializeNotification } from '#server/serializers/client/notification'
import { pageOf } from '#server/serializers/envelope'
import { listNotifications } from '#server/services/notifications/queries'
import { notifications } from '#shared/contracts/client/notifications'

export default defineRoute(notifications.list, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor, query, url }) {
    const found = await listNotifications(actor, query)
    const shown = { showsAddress: !isActing(actor) }
    const page = pageOf(found, (row) => serializeNotification(row, shown), url)
    return { ...page, meta: { ...page.meta, unread: found.unread } }
  },
})
