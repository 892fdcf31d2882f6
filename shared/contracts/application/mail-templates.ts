import { z } from 'zod'
import { LANGUAGES } from '#shared/utils/languages'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'

export const MAIL_SUBJECT_MAX = 191
export const MAIL_BODY_MAX = 10_000

/** What one mail says in one language. */
export const mailTemplate = item(
  'mail_template',
  z.object({
    template: z.string(),
    language: z.enum(LANGUAGES),
    subject: z.string(),
    body: z.string(),
    is_custom: z.boolean(), // otherwise it is the built-in text
    built_in: z.object({ subject: z.string(), body: z.string() }),
    placeholders: z.array(z.object({ name: z.string(), is_required: z.boolean() })),
    updated_at: stamp().nullable(),
  }),
)
export type MailTemplate = Plain<z.output<typeof mailTemplate>>

/** Plain text, with placeholders such as `{name}`. */
export const mailTemplateBody = z.object({
  subject: z
    .string()
    .min(1)
    .max(MAIL_SUBJECT_MAX)
    .regex(/^[^\r\n]*$/),
  body: z.string().min(1).max(MAIL_BODY_MAX),
})
export type MailTemplateBody = z.output<typeof mailTemplateBody>

const params = z.object({ template: z.string().regex(/^[a-z][a-z.-]*$/), language: z.enum(LANGUAGES) })

export const mailTemplates = {
  /** Every mail in every language. */
  list: endpoint('GET /api/application/mail-templates', { reply: list(mailTemplate) }),
  update: endpoint('PUT /api/application/mail-templates/:template/:language', {
    params,
    body: mailTemplateBody,
    reply: mailTemplate,
  }),
  /** Back to the built-in text. */
  reset: endpoint('DELETE /api/application/mail-templates/:template/:language', { params }),
}
