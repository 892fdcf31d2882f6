import type { ServerPermission } from './permissions'

interface Kind {
  /** What it is about. Kinds of a server can be chosen for each server by itself. */
  group: 'server' | 'sharing' | 'account' | 'administration'
  /** As long as somebody has chosen nothing else. */
  bell: boolean
  mail: boolean
  /** Told in any case: whoever took an account over must not be able to keep it quiet. */
  isFixed?: boolean
  /** Its mail is another one, sent where it happens. */
  hasOwnMail?: boolean
  /** What somebody must hold with whom the server is shared. */
  permission?: ServerPermission
}

/** What people are told of, by bell and by mail. */
export const NOTIFICATION_KINDS = {
  'server.installed': { group: 'server', bell: true, mail: true },
  'server.reinstalled': { group: 'server', bell: true, mail: true },
  'server.install-failed': { group: 'server', bell: true, mail: true },
  'server.backup-completed': { group: 'server', bell: false, mail: false, permission: 'backup.read' },
  'server.backup-failed': { group: 'server', bell: true, mail: false, permission: 'backup.read' },
  'server.schedule-failed': { group: 'server', bell: true, mail: false, permission: 'schedule.read' },
  'server.transferred': { group: 'server', bell: true, mail: false },
  'server.transfer-failed': { group: 'server', bell: true, mail: false },
  'server.suspended': { group: 'server', bell: true, mail: true },
  'server.unsuspended': { group: 'server', bell: true, mail: true },
  'server.added': { group: 'sharing', bell: true, mail: true },
  'server.removed': { group: 'sharing', bell: true, mail: true },
  'account.new-browser': { group: 'account', bell: true, mail: true, isFixed: true },
  'account.password-changed': { group: 'account', bell: true, mail: true, isFixed: true },
  'account.email-changed': { group: 'account', bell: true, mail: true, isFixed: true, hasOwnMail: true },
  'account.identity-linked': { group: 'account', bell: true, mail: true, isFixed: true },
  'account.two-factor-on': { group: 'account', bell: true, mail: true, isFixed: true, hasOwnMail: true },
  'account.two-factor-off': { group: 'account', bell: true, mail: true, isFixed: true, hasOwnMail: true },
  'node.silent': { group: 'administration', bell: true, mail: false },
  'node.back': { group: 'administration', bell: true, mail: false },
  'job.failed': { group: 'administration', bell: true, mail: false },
} as const satisfies Record<string, Kind>

export type NotificationKind = keyof typeof NOTIFICATION_KINDS
export type NotificationGroup = Kind['group']

export const kindOf = (kind: NotificationKind): Kind => NOTIFICATION_KINDS[kind]
export const NOTIFICATION_NAMES = Object.keys(NOTIFICATION_KINDS) as NotificationKind[]
export const SERVER_KINDS = NOTIFICATION_NAMES.filter((kind) => kindOf(kind).group === 'server')
