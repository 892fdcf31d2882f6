import { ADMINISTRATOR_OUTPUT, SERVER_PERMISSIONS, type ServerPermission } from '#shared/permissions'

/** What ties a person to a server. Loaded by the guard, decided on here. */
export type ServerTie = (
  | { kind: 'administrator' }
  /** An administrator whose roles only read servers: sees the console, touches nothing. */
  | { kind: 'observer' }
  | { kind: 'owner' }
  | { kind: 'subuser'; permissions: readonly ServerPermission[] }
) & {
  /** What the key in use leaves of it; absent or null: all. */
  narrowedTo?: readonly ServerPermission[] | null
}

/** Ownership is a fact about the row, never concluded from a list: a subuser holding every permission is still not the owner. */
export function can(tie: ServerTie, permission: ServerPermission): boolean {
  return (
    holds(tie, permission) &&
    (!tie.narrowedTo || permission === 'websocket.connect' || tie.narrowedTo.includes(permission))
  )
}

function holds(tie: ServerTie, permission: ServerPermission): boolean {
  switch (tie.kind) {
    case 'administrator':
    case 'owner':
      return true
    case 'observer':
      return permission === 'websocket.connect'
    case 'subuser':
      return tie.permissions.includes(permission)
  }
}

/** Sees what the daemon says to administrators: errors, the installer's output, transfers. */
export function seesDaemon(tie: ServerTie): boolean {
  return tie.kind === 'administrator' || tie.kind === 'observer'
}

/** The permissions as tokens and `user_permissions` carry them; `*` is everything. */
export function permissionsOf(tie: ServerTie): string[] {
  const all = tie.kind === 'administrator' || tie.kind === 'owner'
  const own = all && !tie.narrowedTo ? ['*'] : SERVER_PERMISSIONS.filter((permission) => can(tie, permission))
  return seesDaemon(tie) ? [...own, ...ADMINISTRATOR_OUTPUT] : own
}

/** How well a server must be for a route: `any` asks nothing, `watchable` lets administrators watch unfinished work. */
export type Condition = 'ready' | 'watchable' | 'any'

/** What the conditions are read from. */
export interface ServerCondition {
  status: string | null
  suspended: boolean
  isNodeUnderMaintenance: boolean
  isTransferring: boolean
}

export type ServerConflict =
  | 'server.suspended'
  | 'server.node_maintenance'
  | 'server.not_installed'
  | 'server.restoring'
  | 'server.transferring'

/** Why a server cannot be worked with now, in the order in which the API names reasons; undefined when it can. */
export function conflictOf(server: ServerCondition, tie: ServerTie, condition: Condition): ServerConflict | undefined {
  if (condition === 'any') return undefined
  if (server.suspended) return 'server.suspended'
  if (server.isNodeUnderMaintenance) return 'server.node_maintenance'
  if (condition === 'watchable' && seesDaemon(tie)) return undefined
  if (server.status === 'installing' || server.status === 'install_failed') return 'server.not_installed'
  if (server.status === 'restoring_backup') return 'server.restoring'
  if (server.isTransferring) return 'server.transferring'
  return undefined
}
