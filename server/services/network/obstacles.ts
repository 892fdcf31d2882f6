import type { AllocationRow, ServerRow } from '#server/database/schema'
import type { ServerTie } from '#server/policies/server-policy'
import type { AddObstacle, ReleaseObstacle } from '#shared/contracts/client/network'
import type { Settings } from '#shared/contracts/settings'

interface Asked {
  server: Pick<ServerRow, 'allocationLimit'>
  /** Of the server now, the primary one among them. */
  held: number
  settings: Settings['allocations']
}

/** Why no further allocation may be added, before anything was looked for. A limit that was never set counts as reached. */
export function addObstacleOf({ server, held, settings }: Asked): Exclude<AddObstacle, 'no_space'> | null {
  if (!server.allocationLimit) return 'no_limit'
  if (held >= server.allocationLimit) return 'limit_reached'
  return settings.selfService ? null : 'switched_off'
}

/** Why an allocation stays. What an administrator gave was not the owner's choice, and may be what others rely on. */
export function releaseObstacleOf(
  server: Pick<ServerRow, 'allocationId' | 'allocationLimit'>,
  allocation: Pick<AllocationRow, 'id' | 'isLocked'>,
  tie: ServerTie,
): ReleaseObstacle | null {
  if (!server.allocationLimit) return 'no_limit'
  if (allocation.id === server.allocationId) return 'primary'
  return allocation.isLocked && tie.kind !== 'administrator' ? 'locked' : null
}
