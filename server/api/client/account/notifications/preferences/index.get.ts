import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { isAdministrator } from '#server/policies/administration-policy'
import { serializePreference } from '#server/serializers/client/notification'
import { listOf } from '#server/serializers/envelope'
import { listPreferences } from '#server/services/notifications/queries'
import { notifications } from '#shared/contracts/client/notifications'

export default defineRoute(notifications.preferences, {
  access: signedIn(),
  async handle({ actor }) {
    return listOf((await listPreferences(actor.userId, isAdministrator(actor))).map(serializePreference))
  },
})
