import type { mailTemplate } from '#shared/contracts/application/mail-templates'
import type { Wire } from '#shared/contracts/envelope'
import type { Language } from '#shared/utils/languages'
import { placeholdersOf, type MailText } from '#shared/utils/mail-placeholders'
import { itemOf, stampOf } from '../envelope'

interface View {
  template: string
  language: Language
  builtIn: MailText
  custom: (MailText & { updatedAt: string }) | undefined
}

export function serializeMailTemplate({ template, language, builtIn, custom }: View): Wire<typeof mailTemplate> {
  return itemOf('mail_template', {
    template,
    language,
    subject: custom?.subject ?? builtIn.subject,
    body: custom?.body ?? builtIn.body,
    is_custom: custom !== undefined,
    built_in: { subject: builtIn.subject, body: builtIn.body },
    placeholders: placeholdersOf(builtIn).map(({ name, isRequired }) => ({ name, is_required: isRequired })),
    updated_at: custom ? stampOf(custom.updatedAt) : null,
  })
}
