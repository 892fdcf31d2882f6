import type { MountRow } from '#server/database/schema'
import type { mount, serverMount } from '#shared/contracts/application/mounts'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf } from '../envelope'

interface Linked {
  id: string
  name: string
}

const attributesOf = (row: MountRow) => ({
  id: Number(row.id),
  uuid: row.uuid,
  name: row.name,
  description: row.description,
  source: row.source,
  target: row.target,
  read_only: row.readOnly,
  user_mountable: row.userMountable,
})

const numbered = (linked: readonly Linked[]) => linked.map(({ id, name }) => ({ id: Number(id), name }))

export function serializeMount(view: {
  mount: MountRow
  nodes: Linked[]
  eggs: Linked[]
  servers: number
}): Wire<typeof mount> {
  return itemOf('mount', {
    ...attributesOf(view.mount),
    nodes: numbered(view.nodes),
    eggs: numbered(view.eggs),
    servers_count: view.servers,
  })
}

export function serializeServerMount(one: {
  mount: MountRow
  isAttached: boolean
  isOffered: boolean
}): Wire<typeof serverMount> {
  return itemOf('mount', { ...attributesOf(one.mount), is_attached: one.isAttached, is_offered: one.isOffered })
}
