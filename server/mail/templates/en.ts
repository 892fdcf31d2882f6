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
  'registration.confirm': {
    subject: 'Confirm your account on {panel}',
    body: 'Hello {name},\n\nsomebody wants an account on {panel} with this address. If it was you, confirm it here:\n\n{link}\n\nThe link works once, for {hours} hours. If it was not you, nothing happens.',
  },
  'registration.known': {
    subject: 'You have an account on {panel}',
    body: 'Hello {name},\n\nsomebody wanted a new account on {panel} with your address. You have one already; its user name is {username}. If you have forgotten the password, choose a new one here:\n\n{link}\n\nIf it was not you, nothing has changed.',
  },
  'password.reset': {
    subject: 'A new password for {panel}',
    body: 'Hello {name},\n\nsomebody asked for a new password for your account on {panel}. If it was you, choose one here:\n\n{link}\n\nThe link works once, for {minutes} minutes. If it was not you, nothing has changed.',
  },
  'passkey.added': {
    subject: 'A new passkey for {panel}',
    body: 'Hello {name},\n\nthe passkey {passkey} was added to your account on {panel}. Whoever holds it can sign in as you.\n\nIf it was not you, remove it under Security, change your password at once and end all other sessions.',
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
  'server.reinstalled': {
    subject: '{server} is reinstalled',
    body: 'Hello {name},\n\n{server} was reinstalled and can be started:\n\n{link}',
  },
  'server.install-failed': {
    subject: '{server} could not be installed',
    body: 'Hello {name},\n\nthe installation of {server} failed. Its page shows the last lines of the install script:\n\n{link}',
  },
  'server.backup-completed': {
    subject: 'A backup of {server} is done',
    body: 'Hello {name},\n\nthe backup {backup} of {server} is done:\n\n{link}',
  },
  'server.backup-failed': {
    subject: 'A backup of {server} failed',
    body: 'Hello {name},\n\nthe backup {backup} of {server} failed. The page says why:\n\n{link}',
  },
  'server.schedule-failed': {
    subject: 'A schedule of {server} failed',
    body: 'Hello {name},\n\na run of the schedule {schedule} of {server} failed. The page says which task, and why:\n\n{link}',
  },
  'server.transferred': {
    subject: '{server} has moved',
    body: 'Hello {name},\n\n{server} has moved to another node. Its address may have changed:\n\n{link}',
  },
  'server.transfer-failed': {
    subject: '{server} could not be moved',
    body: 'Hello {name},\n\n{server} could not be moved to another node. It stays where it was, with all of its files:\n\n{link}',
  },
  'server.suspended': {
    subject: '{server} is suspended',
    body: 'Hello {name},\n\n{server} on {panel} was suspended. Nobody but administrators can use it until that is lifted. Whoever runs the panel can tell you why.',
  },
  'server.unsuspended': {
    subject: '{server} is no longer suspended',
    body: 'Hello {name},\n\nthe suspension of {server} is lifted. You can use it again:\n\n{link}',
  },
  'account.new-browser': {
    subject: 'A new sign-in to {panel}',
    body: 'Hello {name},\n\nsomebody signed in to your account on {panel} from a browser that was not seen there before: {browser}, from {ip}.\n\nIf it was you, there is nothing to do. If it was not, change your password and end the other sessions:\n\n{link}',
  },
  'account.identity-linked': {
    subject: '{provider} is connected with your account on {panel}',
    body: 'Hello {name},\n\nyour account on {panel} can now be signed in to with {provider}, as {label}.\n\nIf it was not you, disconnect it, change your password and end the other sessions:\n\n{link}',
  },
  'account.password-changed': {
    subject: 'Your password on {panel} was changed',
    body: 'Hello {name},\n\nthe password of your account on {panel} was changed, and every other browser was signed out.\n\nIf it was not you, talk to whoever runs the panel at once.',
  },
  'email.confirm': {
    subject: 'Confirm your new e-mail address',
    body: 'Hello {name},\n\nyour account on {panel} is to have the address {email}. Open this link to confirm it:\n\n{link}\n\nIt works once, for {minutes} minutes. If it was not you, nothing has changed.',
  },
  'email.requested': {
    subject: 'Your e-mail address on {panel} is to be changed',
    body: 'Hello {name},\n\nsomebody who knows your password wants to change the address of your account on {panel} to {email}. It changes when the link is opened that was sent there.\n\nIf it was not you, change your password and cancel the change:\n\n{link}',
  },
  'email.changed': {
    subject: 'Your e-mail address on {panel} was changed',
    body: 'Hello {name},\n\nyour account on {panel} now has the address {email}. No more mail of this account goes to the address at which you read this.\n\nIf it was not you, talk to whoever runs the panel at once.',
  },
  'node.silent': {
    subject: '{node} is not answering',
    body: 'Hello {name},\n\nthe node {node} has not answered for 2 minutes. Its servers may still be running. Its page shows how far the way to it leads:\n\n{link}',
  },
  'node.back': {
    subject: '{node} answers again',
    body: 'Hello {name},\n\nthe node {node} answers again:\n\n{link}',
  },
  'job.failed': {
    subject: 'A job of {panel} failed',
    body: 'Hello {name},\n\nthe job {job} failed and is not tried again by itself. The log of the panel says why.\n\n{link}',
  },
}
