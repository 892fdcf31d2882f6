import { and, eq } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { mailTemplates, type MailTemplateRow } from '#server/database/schema'
import { builtInText, MAIL_TEMPLATES } from '#server/mail/templates/index'
import { LANGUAGES, languageOf, type Language } from '#shared/utils/languages'
import type { MailText } from '#shared/utils/mail-placeholders'

/** One mail in one language: what it says by itself, and what an administrator made of it. */
export interface MailTextView {
  template: string
  language: Language
  builtIn: MailText
  custom: MailTextRow | undefined
}

type MailTextRow = Pick<MailTemplateRow, 'subject' | 'body' | 'updatedAt'>

export async function listMailTexts(): Promise<MailTextView[]> {
  const rows = await useDrizzle().select().from(mailTemplates)
  return MAIL_TEMPLATES.flatMap((template) =>
    LANGUAGES.map((language) => ({
      template,
      language,
      builtIn: builtInText(template, language),
      custom: rows.find((row) => row.template === template && row.locale === language),
    })),
  )
}

/** What an administrator made of a mail in the language that is sent to somebody who reads this one. */
export async function findCustomText(
  template: string,
  locale: string,
  executor: Executor = useDrizzle(),
): Promise<MailTextRow | undefined> {
  const [row] = await executor
    .select()
    .from(mailTemplates)
    .where(and(eq(mailTemplates.template, template), eq(mailTemplates.locale, languageOf(locale))))
  return row
}
