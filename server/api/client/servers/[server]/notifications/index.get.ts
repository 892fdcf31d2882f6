import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePreference } from '#server/serializers/client/notification'
import { listOf } from '#server/serializers/envelope'
import { listServerPreferences } from '#server/services/notifications/queries'
import { notifications } from '#shared/contracts/client/notifications'

export default defineRoute(notifications.ofServer, {
  access: onServer('access', { condition: 'any' }),
  async handle({ actor, server }) {
    return listOf((await listServerPreferences(actor.userId, server)).map(serializePreference))
  },
})
