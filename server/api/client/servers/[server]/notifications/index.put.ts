import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePreference } from '#server/serializers/client/notification'
import { listOf } from '#server/serializers/envelope'
import { choosePreference } from '#server/services/notifications/choose-preference'
import { listServerPreferences } from '#server/services/notifications/queries'
import { notifications } from '#shared/contracts/client/notifications'

export default defineRoute(notifications.chooseForServer, {
  access: onServer('access', { condition: 'any' }),
  async handle({ actor, server, body }) {
    await choosePreference({ actor, serverId: server.id, ...body })
    return listOf((await listServerPreferences(actor.userId, server)).map(serializePreference))
  },
})
