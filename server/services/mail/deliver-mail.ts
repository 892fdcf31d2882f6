import { and, eq, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { mailValues } from '#server/database/json'
import { mails } from '#server/database/schema'
import { AppError } from '#server/errors'
import { render } from '#server/mail/render'
import { transmit } from '#server/mail/transmit'
import { getSettings } from '#server/services/settings/current-settings'
import { mailServer } from './mail-server.ts'
import { findCustomText } from './mail-texts.ts'

/**
 * Sends one mail of the outbox. Sent before is done; a mail server that is away makes the job fail, so that it is tried
 * again, and the mail says so meanwhile.
 */
export async function deliverMail({ mailId }: { mailId: string }): Promise<void> {
  const db = useDrizzle()
  const [mail] = await db
    .select()
    .from(mails)
    .where(and(eq(mails.id, mailId), ne(mails.status, 'sent')))
  if (!mail?.values) return

  const { panel } = await getSettings()
  try {
    const server = await mailServer()
    if (!server) throw new AppError('mail.not_set_up')
    const { subject, text } = render({
      template: mail.template,
      locale: mail.locale,
      custom: await findCustomText(mail.template, mail.locale),
      values: z.decode(mailValues, mail.values),
      panelName: panel.name,
    })
    await transmit({
      ...server,
      panelName: panel.name,
      to: mail.recipient,
      subject,
      text,
    })
  } catch (error) {
    const failure = error instanceof Error ? ((error as { code?: string }).code ?? error.name) : 'unknown'
    await db
      .update(mails)
      .set({ status: 'failed', failure, attempts: sql`${mails.attempts} + 1` })
      .where(eq(mails.id, mailId))
    throw error
  }
  await db
    .update(mails)
    .set({ status: 'sent', sentAt: now(), values: null, failure: null, attempts: sql`${mails.attempts} + 1` })
    .where(eq(mails.id, mailId))
}
