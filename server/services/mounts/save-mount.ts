import { randomUUID } from 'node:crypto'
import { and, eq, inArray, or } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { mountEggs, mountNodes, mounts, mountServers, servers, type MountRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateMountBody, UpdateMountBody } from '#shared/contracts/application/mounts'
import { getMount, type MountView } from './queries'
import { assertReached, assertSourceIsFree, assertTargetIsFree, refuseMount } from './refuse-mount'
import { markConcerned, tellConcerned, type Concerned } from './tell-mounts'

interface CreateMount {
  actor: Actor
  asked: CreateMountBody
  /** The panel's own address. */
  panel: string
}

/** A folder of some hosts, for servers of some eggs. @throws {AppError} `request.invalid` */
export async function createMount({ actor, asked, panel }: CreateMount): Promise<MountView> {
  const nodeIds = idsOf(asked.nodes)
  const { view, concerned } = await useDrizzle()
    .transaction(async (tx) => {
      assertReached(actor, nodeIds)
      await assertSourceIsFree(tx, asked.source, nodeIds)
      const values = { ...columnsOf(asked), uuid: randomUUID() } as typeof mounts.$inferInsert
      const mount = only(await tx.insert(mounts).values(values).returning())
      await link(tx, mount.id, { nodeIds, eggIds: idsOf(asked.eggs) })
      const view = await getMount(actor, mount.id, tx)
      await recordActivity(tx, {
        actor,
        event: 'admin:mount.create',
        target: { type: 'mount', id: mount.id },
        subjects: nodesOf(nodeIds),
        properties: { ...told(view) },
      })
      await notify(tx, 'administration', { what: 'mounts' })
      const concerned = { nodeIds, serverIds: [] }
      await markConcerned(tx, concerned)
      return { view, concerned }
    })
    .catch(refuseMount)
  await tellConcerned(concerned, panel)
  return view
}

interface UpdateMount {
  actor: Actor
  view: MountView
  /** Where it leans on what is linked now: said once the mount is held. */
  asked: UpdateMountBody | ((current: MountView) => UpdateMountBody)
  panel: string
}

/**
 * What is left out stays. Servers of a node or an egg that is taken away lose the mount; what servers get, and which
 * folders nodes allow, is told after the commit.
 *
 * @throws {AppError} `request.invalid`
 */
export async function updateMount({ actor, view: { mount }, asked: given, panel }: UpdateMount): Promise<MountView> {
  const { view, concerned } = await useDrizzle()
    .transaction(async (tx) => {
      await tx.select({ id: mounts.id }).from(mounts).where(eq(mounts.id, mount.id)).for('update')
      const before = await getMount(actor, mount.id, tx)
      const asked = typeof given === 'function' ? given(before) : given
      const [nodesBefore, eggsBefore] = [before.nodes.map(({ id }) => id), before.eggs.map(({ id }) => id)]
      const nodeIds = asked.nodes ? idsOf(asked.nodes) : nodesBefore
      const eggIds = asked.eggs ? idsOf(asked.eggs) : eggsBefore

      assertReached(actor, nodeIds)
      await assertSourceIsFree(tx, asked.source ?? before.mount.source, nodeIds)
      if (asked.target !== undefined) await assertTargetIsFree(tx, mount.id, asked.target)
      const columns = columnsOf(asked)
      const row = only(
        await tx
          .update(mounts)
          .set({ ...columns, name: columns.name ?? before.mount.name })
          .where(eq(mounts.id, mount.id))
          .returning(),
      )

      const lost = { nodeIds: without(nodesBefore, nodeIds), eggIds: without(eggsBefore, eggIds) }
      const detached = await unlink(tx, mount.id, lost)
      await link(tx, mount.id, { nodeIds: without(nodeIds, nodesBefore), eggIds: without(eggIds, eggsBefore) })

      const after = await getMount(actor, mount.id, tx)
      await recordActivity(tx, {
        actor,
        event: 'admin:mount.update',
        target: { type: 'mount', id: mount.id },
        subjects: nodesOf([...new Set([...nodesBefore, ...nodeIds])]),
        properties: {
          ...changeOf(told(before), told(after), Object.keys(told(after))),
          ...(detached.length > 0 && { detached: detached.length }),
        },
      })
      await notify(tx, 'administration', { what: 'mounts' })

      const isMoved = row.source !== before.mount.source
      const concerned = {
        nodeIds: isMoved
          ? [...new Set([...nodesBefore, ...nodeIds])]
          : [...lost.nodeIds, ...without(nodeIds, nodesBefore)],
        serverIds: [...detached, ...(isSeenBelow(before.mount, row) ? await attachedTo(tx, mount.id) : [])],
      } satisfies Concerned
      await markConcerned(tx, concerned)
      return { view: after, concerned }
    })
    .catch(refuseMount)
  await tellConcerned(concerned, panel)
  return view
}

const idsOf = (numbers: readonly number[]) => [...new Set(numbers)].map(String)
/** What happens to a mount concerns the nodes that have it. */
const nodesOf = (ids: readonly string[]) => ids.map((id) => ({ type: 'node' as const, id }))
const without = (ids: readonly string[], others: readonly string[]) => ids.filter((id) => !others.includes(id))

const columnsOf = ({ name, description, source, target, ...flags }: UpdateMountBody): Partial<MountRow> => ({
  ...(name !== undefined && { name }),
  ...(description !== undefined && { description }),
  ...(source !== undefined && { source }),
  ...(target !== undefined && { target }),
  ...(flags.read_only !== undefined && { readOnly: flags.read_only }),
  ...(flags.user_mountable !== undefined && { userMountable: flags.user_mountable }),
})

/** Whether a container gets something else. */
const isSeenBelow = (before: MountRow, after: MountRow) =>
  before.source !== after.source || before.target !== after.target || before.readOnly !== after.readOnly

interface Links {
  nodeIds: readonly string[]
  eggIds: readonly string[]
}

async function link(tx: Executor, mountId: string, { nodeIds, eggIds }: Links): Promise<void> {
  if (nodeIds.length > 0) await tx.insert(mountNodes).values(nodeIds.map((nodeId) => ({ mountId, nodeId })))
  if (eggIds.length > 0) await tx.insert(mountEggs).values(eggIds.map((eggId) => ({ mountId, eggId })))
}

/** Takes links away, and the mount from the servers that had it through them. Answers which. */
async function unlink(tx: Executor, mountId: string, { nodeIds, eggIds }: Links): Promise<string[]> {
  if (nodeIds.length + eggIds.length === 0) return []
  await tx.delete(mountNodes).where(and(eq(mountNodes.mountId, mountId), inArray(mountNodes.nodeId, [...nodeIds])))
  await tx.delete(mountEggs).where(and(eq(mountEggs.mountId, mountId), inArray(mountEggs.eggId, [...eggIds])))
  const ofThem = tx
    .select({ id: servers.id })
    .from(servers)
    .where(or(inArray(servers.nodeId, [...nodeIds]), inArray(servers.eggId, [...eggIds])))
  const detached = await tx
    .delete(mountServers)
    .where(and(eq(mountServers.mountId, mountId), inArray(mountServers.serverId, ofThem)))
    .returning({ serverId: mountServers.serverId })
  return detached.map(({ serverId }) => serverId)
}

async function attachedTo(tx: Executor, mountId: string): Promise<string[]> {
  const rows = await tx
    .select({ serverId: mountServers.serverId })
    .from(mountServers)
    .where(eq(mountServers.mountId, mountId))
  return rows.map(({ serverId }) => serverId)
}

type Told = Record<string, unknown>

const told = ({ mount, nodes, eggs }: MountView): Told => ({
  name: mount.name,
  description: mount.description,
  source: mount.source,
  target: mount.target,
  read_only: mount.readOnly,
  user_mountable: mount.userMountable,
  nodes: nodes.map(({ name }) => name),
  eggs: eggs.map(({ name }) => name),
})
