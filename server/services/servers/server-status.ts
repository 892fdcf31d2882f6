import { now } from '#server/database/columns'
import type { ServerRow } from '#server/database/schema'

type Status = ServerRow['status']
type Covered = ServerRow['previousStatus']
type Held = Pick<ServerRow, 'status' | 'previousStatus'>

/** What can happen to the state that the panel keeps of a server. Power is never stored. */
export type StatusChange =
  | { kind: 'suspend' }
  | { kind: 'unsuspend' }
  | { kind: 'install' }
  | { kind: 'installed'; isReinstall: boolean; successful: boolean }
  | { kind: 'mark_installed' }
  | { kind: 'restore' }
  | { kind: 'restored' }
  /** Back to what it was, where a node refused what was already committed. */
  | { kind: 'return'; to: Held }

const COVERABLE: readonly Status[] = ['installing', 'install_failed', 'reinstall_failed']
const coverable = (status: Status): Covered => (COVERABLE.includes(status) ? (status as Covered) : null)

/**
 * The columns that a change writes: the one place where the state of a server moves. A suspension covers an unfinished
 * installation; what happens to that meanwhile changes what is covered, and comes to light when the suspension ends.
 */
export function statusAfter(held: Held, change: StatusChange) {
  const { status, previousStatus } = next(held, change)
  return { status, previousStatus, suspended: status === 'suspended', statusChangedAt: now() }
}

function next(held: Held, change: StatusChange): Held {
  const isSuspended = held.status === 'suspended'
  const under = (status: Covered): Held =>
    isSuspended ? { status: 'suspended', previousStatus: status } : { status, previousStatus: null }

  switch (change.kind) {
    case 'suspend':
      return isSuspended ? held : { status: 'suspended', previousStatus: coverable(held.status) }
    case 'unsuspend':
      return isSuspended ? { status: held.previousStatus, previousStatus: null } : held
    case 'install':
      return under('installing')
    case 'installed':
      return under(change.successful ? null : change.isReinstall ? 'reinstall_failed' : 'install_failed')
    case 'mark_installed':
      return under(null)
    case 'restore':
      return { status: 'restoring_backup', previousStatus: null }
    case 'restored':
      return held.status === 'restoring_backup' ? { status: null, previousStatus: null } : held
    case 'return':
      return change.to
  }
}
