import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSettings } from '#server/serializers/application/settings'
import { describeSettings } from '#server/services/settings/describe-settings'
import { settings } from '#shared/contracts/application/settings'

export default defineRoute(settings.get, {
  access: administrator('settings', 'read'),
  handle: async () => serializeSettings(await describeSettings()),
})
