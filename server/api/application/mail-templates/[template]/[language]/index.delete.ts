import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { resetMailText } from '#server/services/mail/save-mail-text'
import { mailTemplates } from '#shared/contracts/application/mail-templates'
import { languageOf } from '#shared/utils/languages'

export default defineRoute(mailTemplates.reset, {
  access: administrator('settings', 'write'),
  handle: ({ actor, params: { template, language } }) =>
    resetMailText({ actor, template, language: languageOf(language) }),
})
