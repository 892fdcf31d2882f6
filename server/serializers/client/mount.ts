import type { MountRow } from '#server/database/schema'
import type { ownMount } from '#shared/contracts/client/mounts'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

export function serializeOwnMount({
  mount,
  isAttached,
}: {
  mount: MountRow
  isAttached: boolean
}): Wire<typeof ownMount> {
  return itemOf('mount', {
    uuid: mount.uuid,
    name: mount.name,
    description: mount.description,
    target: mount.target,
    read_only: mount.readOnly,
    is_attached: isAttached,
    is_changeable: mount.userMountable,
  })
}
