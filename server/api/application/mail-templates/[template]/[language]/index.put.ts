import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMailTemplate } from '#server/serializers/application/mail-template'
import { saveMailText } from '#server/services/mail/save-mail-text'
import { mailTemplates } from '#shared/contracts/application/mail-templates'
import { languageOf } from '#shared/utils/languages'

export default defineRoute(mailTemplates.update, {
  access: administrator('settings', 'write'),
  async handle({ actor, params: { template, language }, body }) {
    return serializeMailTemplate(await saveMailText({ actor, template, language: languageOf(language), text: body }))
  },
})
