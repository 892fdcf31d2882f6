import type { Executor } from '#server/database/client'
import { mailValues } from '#server/database/json'
import { mails } from '#server/database/schema'
import { enqueue } from '#server/jobs/queue'
import { sendWaitingMail } from '#server/jobs/definitions/send-waiting-mail'
import type { MailTemplate, MailValues } from '#server/mail/templates/mails'
import { mailServer } from './mail-server.ts'
import { z } from 'zod'

interface SendMail<Template extends MailTemplate> {
  userId: string | null
  recipient: string
  locale: string
  template: Template
  /** Links and codes rest sealed, and are gone once the mail is sent. */
  values: MailValues<Template>
}

/**
 * Puts a mail into the outbox, in the caller's transaction. `isWithheld` says that no mail server is set up: nothing
 * is sent, and whoever asked for it may show the link instead.
 */
export async function sendMail<Template extends MailTemplate>(
  tx: Executor,
  { values, ...mail }: SendMail<Template>,
): Promise<{ isWithheld: boolean }> {
  const isWithheld = (await mailServer()) === null
  const status = isWithheld ? 'withheld' : 'waiting'
  const sealed = isWithheld ? null : z.encode(mailValues, values as z.output<typeof mailValues>)
  const [row] = await tx
    .insert(mails)
    .values({ ...mail, status, values: sealed })
    .returning({ id: mails.id })
  if (!isWithheld && row) await enqueue(tx, sendWaitingMail, { mailId: row.id })
  return { isWithheld }
}
