import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'
import { mayAdminister } from '#server/policies/administration-policy'
import { serializeEgg } from '#server/serializers/application/egg'
import { serializeMount } from '#server/serializers/application/mount'
import { serializeNode } from '#server/serializers/application/node'
import { serializeManagedServer } from '#server/serializers/application/server'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { findEggs } from '#server/services/eggs/queries'
import { serverIdsOf, type MountView } from '#server/services/mounts/queries'
import { viewNodes } from '#server/services/nodes/node-view'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { MountLink } from '#shared/contracts/application/mounts'
import { readIncludes } from './includes'

const INCLUDES = { eggs: 'eggs', nodes: 'nodes', servers: 'servers' } as const

/** What a mount is linked to, each in its own form. @throws {AppError} `auth.forbidden` where the caller may not read such */
export async function listLinked(actor: Person, view: MountView, link: MountLink) {
  if (!mayAdminister(actor, link, 'read')) throw new AppError('auth.forbidden')
  return linkedTo(actor, view, link)
}

async function linkedTo(actor: Person, { mount, eggs, nodes }: MountView, link: MountLink) {
  if (link === 'eggs')
    return listOf([...(await findEggs(eggs.map(({ id }) => id))).values()].map((row) => serializeEgg(row)))
  if (link === 'nodes') {
    const ids = nodes.map(({ id }) => id)
    return listOf([...(await viewNodes(actor, ids)).values()].map((found) => serializeNode(found)))
  }
  const servers = await viewManagedMany(actor, await serverIdsOf(mount.id))
  return listOf([...servers.values()].map((found) => serializeManagedServer(found)))
}

/** A mount with what was asked to be included; what the caller may not read is a null resource. */
export async function answerMount(actor: Person, asked: readonly string[], view: MountView) {
  const { loaded, denied } = readIncludes(actor, asked, INCLUDES)
  const { object, attributes } = serializeMount(view)
  if (loaded.size + denied.size === 0) return { object, attributes }
  const relationships = Object.fromEntries([
    ...[...denied].map((name) => [name, NOTHING] as const),
    ...(await Promise.all([...loaded].map(async (name) => [name, await linkedTo(actor, view, name)] as const))),
  ])
  return { object, attributes: { ...attributes, relationships } }
}
