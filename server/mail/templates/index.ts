import type { Language } from '#shared/utils/languages'
import type { MailText } from '#shared/utils/mail-placeholders'
import { de } from './de.ts'
import { en } from './en.ts'
import type { MailTemplate, Texts } from './mails.ts'

const texts: Record<Language, Texts> = { en, de }

export const MAIL_TEMPLATES: readonly string[] = Object.keys(en)

/** What a mail says as long as nobody has changed it. */
export const builtInText = (template: string, language: Language): MailText => texts[language][template as MailTemplate]
