import { texts } from './templates/index.ts'
import { en } from './templates/en.ts'
import type { MailTemplate } from './templates/mails.ts'

interface Render {
  template: string
  locale: string
  values: Record<string, string | number>
  panelName: string
}

/** Fills a template's slots. Plain text only: nothing that a person typed can become markup. */
export function render({ template, locale, values, panelName }: Render): { subject: string; text: string } {
  const { subject, body } = (texts[locale] ?? en)[template as MailTemplate]
  const filled = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'panel' ? panelName : String(values[name] ?? '')))
  return { subject: filled(subject).replace(/[\r\n]+/g, ' '), text: filled(body) }
}
