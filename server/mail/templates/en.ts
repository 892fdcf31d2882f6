import type { Texts } from './mails.ts'

export const en: Texts = {
  'account.created': {
    subject: 'Your account on {panel}',
    body: 'Hello {name},\n\nan account with the user name {username} was made for you on {panel}. Sign in with the password that you were given:\n\n{link}',
  },
  'account.setup': {
    subject: 'Your account on {panel}',
    body: 'Hello {name},\n\nan account was made for you on {panel}. Choose a password to sign in:\n\n{link}\n\nThe link works once, for 24 hours.',
  },
  'password.reset': {
    subject: 'A new password for {panel}',
    body: 'Hello {name},\n\nsomebody asked for a new password for your account on {panel}. If it was you, choose one here:\n\n{link}\n\nThe link works once, for {minutes} minutes. If it was not you, nothing has changed.',
  },
  'two-factor.enabled': {
    subject: 'Your second factor on {panel} is on',
    body: 'Hello {name},\n\nthe second factor of your account on {panel} was switched on. Signing in takes a code from your authenticator app from now on. Keep the backup codes where you find them without your phone.\n\nIf it was not you, talk to whoever runs the panel.',
  },
  'two-factor.disabled': {
    subject: 'Your second factor on {panel} is off',
    body: 'Hello {name},\n\nthe second factor of your account on {panel} was switched off. Your password alone is enough to sign in now.\n\nIf it was not you, change your password at once and switch the second factor on again.',
  },
  'two-factor.reset': {
    subject: 'Your second factor on {panel} is off',
    body: 'Hello {name},\n\nan administrator turned off the second factor of your account on {panel}. Your password alone is enough to sign in now, and every browser was signed out. Set the second factor up again as soon as you can.\n\nIf you did not ask for this, talk to whoever runs the panel.',
  },
  'server.added': {
    subject: '{server} is shared with you',
    body: 'Hello {name},\n\nsomebody shares the server {server} with you on {panel}. What you may do there, its page shows:\n\n{link}',
  },
  'server.removed': {
    subject: '{server} is no longer shared with you',
    body: 'Hello {name},\n\nthe server {server} on {panel} is no longer shared with you.',
  },
  'panel.test': {
    subject: '{panel} can send mail',
    body: 'This mail was sent to see whether {panel} can send any. It can.\n',
  },
  'server.installed': {
    subject: '{server} is installed',
    body: 'Hello {name},\n\n{server} is installed and ready to start:\n\n{link}',
  },
}
