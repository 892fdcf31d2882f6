import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { mailTemplates } from '#server/database/schema'
import { AppError, type FieldFailure } from '#server/errors'
import { notify } from '#server/events/notify'
import { builtInText, MAIL_TEMPLATES } from '#server/mail/templates/index'
import { recordActivity } from '#server/services/activity/record-activity'
import type { Language } from '#shared/utils/languages'
import { placeholdersIn, placeholdersOf, type MailText } from '#shared/utils/mail-placeholders'
import { findCustomText, type MailTextView } from './mail-texts'

interface OneText {
  actor: Actor
  template: string
  language: Language
}

/**
 * What a mail says from now on, also one that waits to be sent.
 *
 * @throws {AppError} `resource.not_found`, `request.invalid`
 */
export async function saveMailText({
  actor,
  template,
  language,
  text,
}: OneText & { text: MailText }): Promise<MailTextView> {
  const builtIn = knownText(template, language)
  const fields = faultsOf(text, builtIn)
  if (fields.length > 0) throw new AppError('request.invalid', { fields })

  const row = { ...text, updatedBy: actor.userId, updatedAt: now() }
  await useDrizzle().transaction(async (tx) => {
    const before = (await findCustomText(template, language, tx)) ?? builtIn
    await tx
      .insert(mailTemplates)
      .values({ template, locale: language, ...row })
      .onConflictDoUpdate({ target: [mailTemplates.template, mailTemplates.locale], set: row })
    await recordActivity(tx, {
      actor,
      event: 'admin:mail-template.update',
      target: { type: 'mail_template', id: `${template}/${language}` },
      properties: { before: { subject: before.subject, body: before.body }, after: text },
    })
    await notify(tx, 'administration', { what: 'mail_templates' })
  })
  return { template, language, builtIn, custom: row }
}

/** Back to the built-in text. @throws {AppError} `resource.not_found` */
export async function resetMailText({ actor, template, language }: OneText): Promise<void> {
  knownText(template, language)
  await useDrizzle().transaction(async (tx) => {
    const [gone] = await tx
      .delete(mailTemplates)
      .where(and(eq(mailTemplates.template, template), eq(mailTemplates.locale, language)))
      .returning()
    if (!gone) return
    await recordActivity(tx, {
      actor,
      event: 'admin:mail-template.reset',
      target: { type: 'mail_template', id: `${template}/${language}` },
      properties: { before: { subject: gone.subject, body: gone.body } },
    })
    await notify(tx, 'administration', { what: 'mail_templates' })
  })
}

function knownText(template: string, language: Language): MailText {
  if (!MAIL_TEMPLATES.includes(template)) throw new AppError('resource.not_found')
  return builtInText(template, language)
}

function faultsOf(text: MailText, builtIn: MailText): FieldFailure[] {
  const allowed = placeholdersOf(builtIn)
  const names = new Set(allowed.map(({ name }) => name))
  const unknown = (['subject', 'body'] as const).flatMap((field) =>
    placeholdersIn(text[field])
      .filter((name) => !names.has(name))
      .map((name) => ({
        field,
        rule: 'placeholder_unknown',
        detail: `This mail has no placeholder {${name}}.`,
        values: { name },
      })),
  )
  const inBody = placeholdersIn(text.body)
  const missing = allowed
    .filter(({ name, isRequired }) => isRequired && !inBody.includes(name))
    .map(({ name }) => ({
      field: 'body',
      rule: 'placeholder_missing',
      detail: `The placeholder {${name}} must stand in the text.`,
      values: { name },
    }))
  // At the end of somebody else's address they would hand him the account.
  const glued = (['subject', 'body'] as const).flatMap((field) =>
    [...text[field].matchAll(/(\S*)\{(link|code)\}/g)]
      .filter(([, before = '']) => !/^[(<]?$/.test(before))
      .map(([, , name = '']) => ({
        field,
        rule: 'placeholder_apart',
        detail: `The placeholder {${name}} must stand by itself.`,
        values: { name },
      })),
  )
  return [...unknown, ...missing, ...glued]
}
