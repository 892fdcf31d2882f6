/** Each mail with the values that its sentences take. */
interface Mails {
  'account.created': { name: string; username: string; link: string }
  'account.setup': { name: string; link: string }
  'password.reset': { name: string; link: string; minutes: number }
  'two-factor.enabled': { name: string }
  'two-factor.disabled': { name: string }
  'two-factor.reset': { name: string }
  'server.added': { name: string; server: string; link: string }
  'server.removed': { name: string; server: string }
  'panel.test': Record<never, never>
  'server.installed': { name: string; server: string; link: string }
}

export type MailTemplate = keyof Mails
export type MailValues<Template extends MailTemplate> = Mails[Template]
export type Texts = Record<MailTemplate, { subject: string; body: string }>
