import { languageOf } from '#shared/utils/languages'
import { fillPlaceholders, type MailText } from '#shared/utils/mail-placeholders'
import { builtInText } from './templates/index.ts'

interface Render {
  template: string
  locale: string
  /** What it says instead of the built-in text. */
  custom?: MailText
  values: Record<string, string | number>
  panelName: string
}

/** Fills in what a mail says. Plain text only: nothing that a person typed can become markup, or a line of the head. */
export function render({ template, locale, custom, values, panelName }: Render): { subject: string; text: string } {
  const { subject, body } = custom ?? builtInText(template, languageOf(locale))
  const all = { ...values, panel: panelName }
  return { subject: fillPlaceholders(subject, all).replace(/[\r\n]+/g, ' '), text: fillPlaceholders(body, all) }
}
