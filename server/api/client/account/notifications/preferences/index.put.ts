import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { isAdministrator } from '#server/policies/administration-policy'
import { serializePreference } from '#server/serializers/client/notification'
import { listOf } from '#server/serializers/envelope'
import { choosePreference } from '#server/services/notifications/choose-preference'
import { listPreferences } from '#server/services/notifications/queries'
import { notifications } from '#shared/contracts/client/notifications'

export default defineRoute(notifications.choose, {
  access: signedIn(),
  async handle({ actor, body }) {
    await choosePreference({ actor, serverId: null, ...body })
    return listOf((await listPreferences(actor.userId, isAdministrator(actor))).map(serializePreference))
  },
})
