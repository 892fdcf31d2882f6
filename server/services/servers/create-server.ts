import { randomUUID } from 'node:crypto'
import { eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { now } from '#server/database/columns'
import { only } from '#server/database/rows'
import {
  eggs,
  eggVariables,
  serverAllocations,
  serverLimits,
  servers,
  serverVariables,
  users,
  wingsNodes,
  type AllocationRow,
  type ServerRow,
  type WingsNodeRow,
} from '#server/database/schema'
import { notify } from '#server/events/notify'
import { refusedField } from '#server/errors'
import { forgetServer } from '#server/jobs/definitions/forget-server'
import { settleInstallation } from '#server/jobs/definitions/settle-installation'
import { enqueue, withdraw } from '#server/jobs/queue'
import { reachesNode } from '#server/policies/administration-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { wings } from '#server/wings/client'
import type { CreateServerBody } from '#shared/contracts/application/servers'
import { checkEnvironment } from './check-environment'
import { holdAllocations, pickAllocation } from './pick-allocations'
import { TOLD_WITHIN_SECONDS } from './settle-unheard-installation'

interface CreateServer {
  actor: Actor
  asked: CreateServerBody
}

/**
 * Stores a server and has its node install it. Committed before the node is told, since the node fetches the
 * configuration while our call is still open. A node that refuses, or is silent for four seconds, undoes it: the row goes,
 * its ports are free again, and a job makes sure that the node keeps nothing of it.
 *
 * @throws {AppError} `request.invalid`, `node.none_viable`, `allocation.none_viable`, `node.unreachable`, `node.refused`, `node.failed`
 */
export async function createServer({ actor, asked }: CreateServer): Promise<ServerRow> {
  const { server, node, waiting } = await store({ actor, asked })
  try {
    await wings(node).servers.create(server.uuid, { startOnCompletion: asked.start_on_completion === true })
  } catch (error) {
    await undo(server, node)
    throw error
  } finally {
    if (waiting) await withdraw(waiting)
  }
  return server
}

const ATTEMPTS = 5

/** Eight characters are not many: a name that is taken is drawn again. */
async function store(input: CreateServer) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await useDrizzle().transaction((tx) => insert(tx, input))
    } catch (error) {
      if (isUniqueViolation(error, 'servers_external_id_unique'))
        throw refusedField('external_id', 'unique', 'The external id has already been taken.')
      if (
        attempt < ATTEMPTS &&
        (isUniqueViolation(error, 'servers_identifier_unique') || isUniqueViolation(error, 'servers_uuid_unique'))
      )
        continue
      throw error
    }
  }
}

async function insert(tx: Executor, { actor, asked }: CreateServer) {
  const [owner] = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.id, String(asked.user)))
  if (!owner) throw refusedField('user', 'exists', 'The selected user is invalid.')
  const [egg] = await tx
    .select()
    .from(eggs)
    .where(eq(eggs.id, String(asked.egg)))
  if (!egg) throw refusedField('egg', 'exists', 'The selected egg is invalid.')

  const variables = await tx.select().from(eggVariables).where(eq(eggVariables.eggId, egg.id))
  const values = checkEnvironment(variables, asked.environment)
  const [primary, ...additional] = await allocationsFor(tx, actor, asked)
  const [node] = await tx.select().from(wingsNodes).where(eq(wingsNodes.id, primary.nodeId))
  if (!node || !reachesNode(actor, node.id))
    throw refusedField('allocation.default', 'exists', 'The selected allocation.default is invalid.')

  const uuid = randomUUID()
  const since = now()
  const { limits, feature_limits: features } = asked
  const oomDisabled =
    asked.oom_disabled ?? (asked.oom_killer === undefined || asked.oom_killer === null ? true : !asked.oom_killer)
  const shared = {
    oomDisabled,
    databaseLimit: features.databases ?? 0,
    allocationLimit: features.allocations ?? 0,
    backupLimit: features.backups ?? 0,
  }
  const server = only(
    await tx
      .insert(servers)
      .values({
        uuid,
        identifier: uuid.slice(0, 8),
        externalId: asked.external_id ?? null,
        name: asked.name,
        description: asked.description ?? null,
        status: 'installing',
        statusChangedAt: since,
        skipScripts: asked.skip_scripts === true,
        ownerId: owner.id,
        nodeId: node.id,
        allocationId: primary.id,
        nestId: egg.nestId,
        eggId: egg.id,
        startup: asked.startup,
        image: asked.docker_image,
        dockerImage: asked.docker_image,
        ...shared,
      })
      .returning(),
  )
  const { memory, swap, disk, io, cpu, threads } = limits
  await tx
    .insert(serverLimits)
    .values({ serverId: server.id, memory, swap, disk, io, cpu, threads: threads ?? null, ...shared })
  if (values.length > 0)
    await tx.insert(serverVariables).values(values.map((value) => ({ serverId: server.id, ...value })))

  await tx
    .update(serverAllocations)
    .set({ serverId: server.id, isPrimary: true, isLocked: true })
    .where(eq(serverAllocations.id, primary.id))
  if (additional.length > 0) {
    await tx
      .update(serverAllocations)
      .set({ serverId: server.id, isLocked: true })
      .where(
        inArray(
          serverAllocations.id,
          additional.map(({ id }) => id),
        ),
      )
  }

  await recordActivity(tx, {
    actor,
    event: 'admin:server.create',
    target: { type: 'server', id: server.id },
    subjects: [
      { type: 'user', id: owner.id },
      { type: 'node', id: node.id },
    ],
    properties: { name: server.name, egg: egg.name, node: node.name },
  })
  await notify(tx, 'administration', { what: 'servers' })
  // A panel that ends before it has told the node would leave the server installing for ever.
  const startsOnCompletion = asked.start_on_completion === true
  const unheard = { serverId: server.id, since, startsOnCompletion, before: null }
  const waiting = await enqueue(tx, settleInstallation, unheard, { after: TOLD_WITHIN_SECONDS })
  return { server, node, waiting }
}

/** The default one first. `deploy` wins over named ones, which are then not even looked at. */
async function allocationsFor(
  tx: Executor,
  actor: Actor,
  { deploy, allocation, limits }: CreateServer['asked'],
): Promise<[AllocationRow, ...AllocationRow[]]> {
  if (deploy) {
    const picked = await pickAllocation(tx, {
      locationIds: (deploy.locations ?? []).map(String),
      tags: deploy.tags ?? [],
      dedicatedIp: deploy.dedicated_ip === true,
      portRanges: deploy.port_range ?? [],
      memory: limits.memory,
      disk: limits.disk,
      cpu: limits.cpu,
      nodeIds: actor.isRootAdmin ? null : actor.nodeIds,
    })
    return [picked]
  }

  const wanted = [
    { id: String(allocation?.default ?? ''), field: 'allocation.default' },
    ...(allocation?.additional ?? []).map((id, index) => ({ id: String(id), field: `allocation.additional.${index}` })),
  ]
  const distinct = wanted.filter(({ id }, index) => wanted.findIndex((other) => other.id === id) === index)
  const [primary, ...additional] = await holdAllocations(tx, distinct)
  if (!primary) throw refusedField('allocation.default', 'required', 'The allocation.default field is required.')
  const foreign = additional.findIndex(({ nodeId }) => nodeId !== primary.nodeId)
  if (foreign >= 0)
    throw refusedField(
      `allocation.additional.${foreign}`,
      'exists',
      'An additional allocation must be on the node of the default one.',
    )
  return [primary, ...additional]
}

async function undo(server: ServerRow, node: WingsNodeRow): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    await tx.update(serverAllocations).set({ serverId: null }).where(eq(serverAllocations.serverId, server.id))
    await tx.delete(servers).where(eq(servers.id, server.id))
    await enqueue(tx, forgetServer, { nodeId: node.id, server: server.uuid })
    await notify(tx, 'administration', { what: 'servers' })
  })
}
