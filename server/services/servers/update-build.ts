import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { serverAllocations, serverLimits, servers, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { BuildBody } from '#shared/contracts/application/servers'
import { lockServer } from './lock-server'
import { markForSync, tellNode } from './sync-server'

interface UpdateBuild {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  asked: BuildBody
}

/**
 * Changes limits and ports. Limits apply at once where the node's engine can, else at the next start; a node that
 * cannot be told is told by a job.
 *
 * @throws {AppError} `allocation.not_of_server`, `allocation.no_fallback`, `request.invalid`
 */
export async function updateBuild({ actor, server, node, asked }: UpdateBuild): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const allocationId = await changeAllocations(tx, current, asked)

    const { memory, swap, disk, io, cpu, threads } = asked.limits ?? (asked as Required<Omit<BuildBody, 'limits'>>)
    const oomDisabled =
      asked.oom_disabled ??
      (asked.oom_killer === undefined || asked.oom_killer === null ? current.oomDisabled : !asked.oom_killer)
    const { databases, backups, allocations } = asked.feature_limits
    const shared = {
      oomDisabled,
      databaseLimit: databases,
      backupLimit: backups ?? 0,
      allocationLimit: allocations ?? 0,
    }
    const limits = { memory, swap, disk, io, cpu, threads: threads ?? null, ...shared }

    const [before] = await tx.select().from(serverLimits).where(eq(serverLimits.serverId, server.id))
    await tx.update(serverLimits).set(limits).where(eq(serverLimits.serverId, server.id))
    await tx
      .update(servers)
      .set({ ...shared, allocationId, configurationChangedAt: now() })
      .where(eq(servers.id, server.id))
    await markForSync(tx, current)

    const held =
      before && Object.fromEntries(Object.keys(limits).map((key) => [key, before[key as keyof typeof limits]]))
    await recordActivity(tx, {
      actor,
      event: 'admin:server.build',
      target: { type: 'server', id: server.id },
      properties: { before: { ...held, allocationId: current.allocationId }, after: { ...limits, allocationId } },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'details' })
  })
  await tellNode(server, node)
}

/** Adds, removes, and moves the default. Answers which one is the default now. */
async function changeAllocations(tx: Executor, server: ServerRow, asked: BuildBody): Promise<string> {
  const add = new Set((asked.add_allocations ?? []).map(String))
  // An id in both lists stays.
  const remove = new Set((asked.remove_allocations ?? []).map(String).filter((id) => !add.has(id)))

  const isFree = and(isNull(serverAllocations.serverId), eq(serverAllocations.nodeId, server.nodeId))
  const added =
    add.size === 0
      ? []
      : await tx
          .update(serverAllocations)
          .set({ serverId: server.id, isLocked: true })
          .where(and(inArray(serverAllocations.id, [...add]), isFree))
          .returning({ id: serverAllocations.id })

  const own = await tx
    .select({ id: serverAllocations.id })
    .from(serverAllocations)
    // What a transfer has reserved elsewhere is no port yet.
    .where(and(eq(serverAllocations.serverId, server.id), eq(serverAllocations.nodeId, server.nodeId)))
    .orderBy(sql`${serverAllocations.id}::bigint`)
  const held = new Set(own.map(({ id }) => id))
  let primary = String(asked.allocation)
  if (!held.has(primary)) {
    const taken = await tx.$count(servers, eq(servers.allocationId, primary))
    if (taken > 0) throw refusedField('allocation', 'unique', 'The allocation has already been taken.')
    throw new AppError('allocation.not_of_server')
  }
  if (remove.has(primary)) {
    const fallback = added.find(({ id }) => id !== primary && !remove.has(id))
    if (!fallback) throw new AppError('allocation.no_fallback')
    primary = fallback.id
  }

  await tx
    .update(serverAllocations)
    .set({ isPrimary: false })
    .where(and(eq(serverAllocations.serverId, server.id), eq(serverAllocations.isPrimary, true)))
  await tx.update(serverAllocations).set({ isPrimary: true }).where(eq(serverAllocations.id, primary))
  await tx.update(servers).set({ allocationId: primary }).where(eq(servers.id, server.id))
  const released = [...remove].filter((id) => held.has(id))
  if (released.length > 0)
    await tx.update(serverAllocations).set({ serverId: null }).where(inArray(serverAllocations.id, released))
  return primary
}
