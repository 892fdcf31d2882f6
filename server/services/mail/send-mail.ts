import type { Executor } from '#server/database/client'
import { mailValues } from '#server/database/json'
import { mails } from '#server/database/schema'
import { enqueue } from '#server/jobs/queue'
import { sendWaitingMail } from '#server/jobs/definitions/send-waiting-mail'
import type { MailTemplate, MailValues } from '#server/mail/templates/mails'
import { getSettings } from '#server/services/settings/current-settings'
import type { Settings } from '#shared/contracts/settings'
import { sendsMail } from './mail-server.ts'
import { z } from 'zod'

/** By which setting each of these can be switched off. */
const SWITCHES: Partial<Record<MailTemplate, keyof Settings['notifications']>> = {
  'account.created': 'accountCreated',
  'server.added': 'serverAdded',
  'server.removed': 'serverRemoved',
  'server.installed': 'serverInstalled',
  'server.reinstalled': 'serverReinstalled',
}

async function isSwitchedOff(template: MailTemplate): Promise<boolean> {
  const name = SWITCHES[template]
  return name !== undefined && !(await getSettings()).notifications[name]
}

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
 * is sent, and whoever asked for it may show the link instead. What the settings have switched off is not even kept.
 */
export async function sendMail<Template extends MailTemplate>(
  tx: Executor,
  { values, ...mail }: SendMail<Template>,
): Promise<{ isWithheld: boolean }> {
  if (await isSwitchedOff(mail.template)) return { isWithheld: false }

  const isWithheld = !(await sendsMail())
  const status = isWithheld ? 'withheld' : 'waiting'
  const sealed = isWithheld ? null : z.encode(mailValues, values as z.output<typeof mailValues>)
  const [row] = await tx
    .insert(mails)
    .values({ ...mail, status, values: sealed })
    .returning({ id: mails.id })
  if (!isWithheld && row) await enqueue(tx, sendWaitingMail, { mailId: row.id })
  return { isWithheld }
}
