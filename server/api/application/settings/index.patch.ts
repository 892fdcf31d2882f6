import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSettings } from '#server/serializers/application/settings'
import { updateSettings } from '#server/services/settings/update-settings'
import { settings } from '#shared/contracts/application/settings'

export default defineRoute(settings.update, {
  access: administrator('settings', 'write'),
  handle: async ({ actor, body }) => serializeSettings(await updateSettings({ actor, asked: body })),
})
