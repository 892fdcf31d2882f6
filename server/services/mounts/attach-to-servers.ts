import type { Person } from '#server/auth/actor'
import { refusedField } from '#server/errors'
import { reachesNode } from '#server/policies/administration-policy'
import { findServerByNumber } from '#server/services/servers/find-server'
import { attachMount } from './attach-mount'

interface AttachToServers {
  actor: Person
  mountId: string
  /** By their numbers. */
  serverIds: readonly string[]
}

/** Gives several servers a mount, one after the other; those before the first that cannot have it keep it. @throws {AppError} `request.invalid`, `mount.not_offered`, `mount.target_taken` */
export async function attachToServers({ actor, mountId, serverIds }: AttachToServers): Promise<void> {
  const found = await Promise.all(serverIds.map(findServerByNumber))
  const reached = found.flatMap((one) => (one && reachesNode(actor, one.node.id) ? [one] : []))
  if (reached.length < serverIds.length) throw refusedField('servers', 'exists', 'The selected servers is invalid.')
  for (const { server, node } of reached) await attachMount({ actor, server, node, mount: { id: mountId } })
}
