import type { ServerPermission } from '#shared/permissions'

/** What a server can be shared with, in the order of a page. `websocket.connect` is everybody's, and no choice. */
export const RIGHT_GROUPS = {
  control: ['control.console', 'control.start', 'control.stop', 'control.restart'],
  file: ['file.read', 'file.read-content', 'file.create', 'file.update', 'file.delete', 'file.archive', 'file.sftp'],
  backup: ['backup.read', 'backup.create', 'backup.download', 'backup.restore', 'backup.delete'],
  schedule: ['schedule.read', 'schedule.create', 'schedule.update', 'schedule.delete'],
  database: ['database.read', 'database.view_password', 'database.create', 'database.update', 'database.delete'],
  allocation: ['allocation.read', 'allocation.create', 'allocation.update', 'allocation.delete'],
  startup: ['startup.read', 'startup.update', 'startup.docker-image'],
  user: ['user.read', 'user.create', 'user.update', 'user.delete'],
  activity: ['activity.read'],
  settings: ['settings.rename', 'settings.reinstall'],
} as const satisfies Record<string, ServerPermission[]>
export type RightGroup = keyof typeof RIGHT_GROUPS
export type ServerRight = (typeof RIGHT_GROUPS)[RightGroup][number]

export const RIGHTS: readonly ServerRight[] = Object.values(RIGHT_GROUPS).flat()

const VIEWER: ServerRight[] = [...RIGHTS.filter((right) => right.endsWith('.read'))]

/** Of rights that are often given together; what somebody made himself comes from the panel. */
export const PRESETS = {
  viewer: VIEWER,
  moderator: [
    ...VIEWER,
    'control.console',
    'control.start',
    'control.stop',
    'control.restart',
    'file.read-content',
    'backup.create',
  ],
  operator: RIGHTS.filter(
    (right) => right !== 'settings.reinstall' && (right === 'user.read' || !right.startsWith('user.')),
  ),
  everything: [...RIGHTS],
} as const satisfies Record<string, readonly ServerRight[]>
export type PresetName = keyof typeof PRESETS

export const rightsAmong = (names: readonly string[]): ServerRight[] => RIGHTS.filter((right) => names.includes(right))

export const isSameRights = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one))
