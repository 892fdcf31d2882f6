import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'
import { mayAdminister } from '#server/policies/administration-policy'
import { serializeEgg } from '#server/serializers/application/egg'
import { serializeMount } from '#server/serializers/application/mount'
import { serializeNode } from '#server/serializers/application/node'
import { serializeManagedServer } from '#server/serializers/application/server'
import { listOf, NOTHING } from '#server/serializers/envelope'
import { findEggs } from '#server/services/eggs/queries'
import { serversUsing, type MountView } from '#server/services/mounts/queries'
import { viewNodes } from '#server/services/nodes/node-view'
import { viewManagedMany } from '#server/services/servers/list-servers'
import type { MountLink } from '#shared/contracts/application/mounts'
import { readIncludes } from './includes'

const INCLUDES = { eggs: 'eggs', nodes: 'nodes', servers: 'servers' } as const

/** What a mount is linked to, each in its own form. @throws {AppError} `auth.forbidden` where the caller may not read such */
export async function listLinked(actor: Person, view: MountView, link: MountLink) {
  if (!mayAdminister(actor, link, 'read')) throw new AppError('auth.forbidden')
  return (await linkedTo(actor, [view], link))(view)
}

/** Asked once for all of them; answers what one of them is linked to. */
async function linkedTo(actor: Person, views: readonly MountView[], link: MountLink) {
  const idsOf = (name: 'eggs' | 'nodes') => views.flatMap((view) => view[name].map(({ id }) => id))
  if (link === 'eggs') {
    const found = await findEggs(idsOf('eggs'))
    return ({ eggs }: MountView) => listOf(among(found, eggs).map((row) => serializeEgg(row)))
  }
  if (link === 'nodes') {
    const found = await viewNodes(actor, idsOf('nodes'))
    return ({ nodes }: MountView) => listOf(among(found, nodes).map((row) => serializeNode(row)))
  }
  const using = await serversUsing(views.map(({ mount }) => mount.id))
  const found = await viewManagedMany(
    actor,
    using.map(({ id }) => id),
  )
  return ({ mount }: MountView) => {
    const own = using.filter(({ mountId }) => mountId === mount.id)
    return listOf(among(found, own).map((row) => serializeManagedServer(row)))
  }
}

const among = <Row>(found: ReadonlyMap<string, Row>, asked: readonly { id: string }[]): Row[] =>
  asked.flatMap(({ id }) => found.get(id) ?? [])

/** Mounts with what was asked to be included; what the caller may not read is a null resource. */
export async function answerMounts(actor: Person, asked: readonly string[], views: readonly MountView[]) {
  const { loaded, denied } = readIncludes(actor, asked, INCLUDES)
  const links = await Promise.all([...loaded].map(async (name) => [name, await linkedTo(actor, views, name)] as const))
  return views.map((view) => {
    const { object, attributes } = serializeMount(view)
    if (loaded.size + denied.size === 0) return { object, attributes }
    const relationships = Object.fromEntries([
      ...[...denied].map((name) => [name, NOTHING] as const),
      ...links.map(([name, linkedOf]) => [name, linkedOf(view)] as const),
    ])
    return { object, attributes: { ...attributes, relationships } }
  })
}

export async function answerMount(actor: Person, asked: readonly string[], view: MountView) {
  const [answer = serializeMount(view)] = await answerMounts(actor, asked, [view])
  return answer
}
