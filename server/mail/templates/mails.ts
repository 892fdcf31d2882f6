interface AboutServer {
  name: string
  server: string
  link: string
}

/** Each mail with the values that its sentences take. */
interface Mails {
  'account.created': { name: string; username: string; link: string }
  'account.setup': { name: string; link: string }
  'registration.confirm': { name: string; link: string; hours: number }
  'registration.known': { name: string; username: string; link: string }
  'password.reset': { name: string; link: string; minutes: number }
  'passkey.added': { name: string; passkey: string }
  'two-factor.enabled': { name: string }
  'two-factor.disabled': { name: string }
  'two-factor.reset': { name: string }
  'server.added': { name: string; server: string; link: string }
  'server.removed': { name: string; server: string }
  'panel.test': Record<never, never>
  'server.installed': AboutServer
  'server.reinstalled': AboutServer
  'server.install-failed': AboutServer
  'server.backup-completed': AboutServer & { backup: string }
  'server.backup-failed': AboutServer & { backup: string }
  'server.schedule-failed': AboutServer & { schedule: string }
  'server.transferred': AboutServer
  'server.transfer-failed': AboutServer
  'server.suspended': AboutServer
  'server.unsuspended': AboutServer
  'account.new-browser': { name: string; browser: string; ip: string; link: string }
  'account.identity-linked': { name: string; provider: string; label: string; link: string }
  'account.password-changed': { name: string; link: string }
  'email.confirm': { name: string; email: string; link: string; minutes: number }
  'email.requested': { name: string; email: string; link: string }
  'email.changed': { name: string; email: string }
  'node.silent': { name: string; node: string; link: string }
  'node.back': { name: string; node: string; link: string }
  'job.failed': { name: string; job: string; link: string }
}

export type MailTemplate = keyof Mails
export type MailValues<Template extends MailTemplate> = Mails[Template]
export type Texts = Record<MailTemplate, { subject: string; body: string }>
