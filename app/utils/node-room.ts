import type { Node } from '#shared/contracts/application/nodes'

export const ROOM_RESOURCES = ['memory', 'disk', 'cpu'] as const
export type RoomResource = (typeof ROOM_RESOURCES)[number]

/** MiB, MiB and percent of a thread; 0 is no limit, and takes nothing of a node. */
export type Wanted = Record<RoomResource, number>

export interface Shortage {
  resource: RoomResource
  left: number
  wanted: number
}

type Sized = Pick<Node, RoomResource | `${RoomResource}_overallocate` | 'allocated_resources'>

/** What a node can still promise; null: it has no limit. `held` is promised already to the server that asks. */
export function roomLeft(node: Sized, resource: RoomResource, held = 0): number | null {
  const limit = node[resource]
  const over = node[`${resource}_overallocate`]
  if (limit === 0 || over < 0) return null
  return Math.max(0, Math.floor((limit * (100 + over)) / 100) - node.allocated_resources[resource] + held)
}

/** What a node lacks for a server of this size. */
export function shortagesOf(node: Sized, wanted: Wanted, held?: Wanted): Shortage[] {
  return ROOM_RESOURCES.flatMap((resource) => {
    const left = roomLeft(node, resource, held?.[resource])
    return left === null || wanted[resource] <= left ? [] : [{ resource, left, wanted: wanted[resource] }]
  })
}
