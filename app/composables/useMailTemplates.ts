import { mailTemplates, type MailTemplate, type MailTemplateBody } from '#shared/contracts/application/mail-templates'

/** What the panel's mails say, in every language. */
export function useMailTemplates() {
  const { data, error, refresh } = useApi(mailTemplates.list)
  useEvents().refreshOn('administration', ({ what }) => what === 'mail_templates', refresh)
  const paramsOf = ({ template, language }: Pick<MailTemplate, 'template' | 'language'>) => ({ template, language })

  const save = useSubmit(
    async ({ of, body }: { of: MailTemplate; body: MailTemplateBody }) => {
      await api(mailTemplates.update, { params: paramsOf(of), body })
      await refresh()
      return true
    },
    { inForm: true, success: 'settings.templates.saved' },
  )
  const reset = useSubmit(
    async (of: MailTemplate) => {
      await api(mailTemplates.reset, { params: paramsOf(of) })
      await refresh()
      return true
    },
    { success: 'settings.templates.wasReset' },
  )
  return { data, error, refresh, save, reset }
}
