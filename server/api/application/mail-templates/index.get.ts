import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMailTemplate } from '#server/serializers/application/mail-template'
import { listOf } from '#server/serializers/envelope'
import { listMailTexts } from '#server/services/mail/mail-texts'
import { mailTemplates } from '#shared/contracts/application/mail-templates'

export default defineRoute(mailTemplates.list, {
  access: administrator('settings', 'read'),
  handle: async () => listOf((await listMailTexts()).map(serializeMailTemplate)),
})
