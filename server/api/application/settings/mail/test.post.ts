import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { tryMailServer } from '#server/services/mail/try-mail-server'
import { settings } from '#shared/contracts/application/settings'

export default defineRoute(settings.testMail, {
  access: administrator('settings', 'write'),
  handle: async ({ actor, body }) => itemOf('mail_test', await tryMailServer({ actor, to: body.to })),
})
