import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import type { MailTemplate, MailValues } from '#server/mail/templates/mails'
import { sendMail } from '#server/services/mail/send-mail'
import { linkTo } from '#server/services/settings/link-to'
import type { NotificationKind } from '#shared/notifications'
import type { Notice } from './notice'

type Mailed = Exclude<NotificationKind, 'account.email-changed' | `account.two-factor-${string}`>

/** The mail of a notice, in the language of whom it goes to. Its template bears the name of its kind. */
export async function mailNotice(tx: Executor, user: UserRow, { kind, server, node, slots }: Notice): Promise<void> {
  const template: MailTemplate = kind as Mailed
  const { id: userId, email: recipient, language: locale, nameFirst, displayUsername, username } = user
  const values = {
    ...slots,
    name: nameFirst || displayUsername || username,
    link: await linkTo(pageOf({ kind, server, node })),
    ...(server && { server: server.name }),
    ...(node && { node: node.name }),
  }
  await sendMail(tx, { userId, recipient, locale, template, values: values as unknown as MailValues<typeof template> })
}

function pageOf({ kind, server, node }: Notice): `/${string}` {
  if (kind.startsWith('account.')) return '/account/security'
  if (kind.startsWith('server.backup-') && server) return `/servers/${server.identifier}/backups`
  if (kind === 'server.schedule-failed' && server) return `/servers/${server.identifier}/schedules`
  if (node) return `/admin/nodes/${node.id}`
  return server ? `/servers/${server.identifier}` : '/admin'
}
