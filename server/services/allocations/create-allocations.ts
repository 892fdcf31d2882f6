import { and, eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { serverAllocations, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateAllocationsBody } from '#shared/contracts/application/allocations'
import { expandAddresses, expandPorts } from './expand-ports'

interface CreateAllocations {
  actor: Actor
  node: WingsNodeRow
  asked: CreateAllocationsBody
}

/** PostgreSQL takes 65,535 parameters in a statement. */
const ROWS_PER_STATEMENT = 5000

/**
 * Adds ports to a node's pool; those that exist are passed over. Answers how many are new.
 *
 * @throws {AppError} `allocation.*`
 */
export async function createAllocations({ actor, node, asked }: CreateAllocations): Promise<number> {
  const pairs = await pairsOf(asked)
  return useDrizzle().transaction(async (tx) => {
    let added = 0
    for (let at = 0; at < pairs.length; at += ROWS_PER_STATEMENT) {
      const rows = pairs
        .slice(at, at + ROWS_PER_STATEMENT)
        .map((pair) => ({ nodeId: node.id, ipAlias: asked.alias ?? null, ...pair }))
      added += (
        await tx.insert(serverAllocations).values(rows).onConflictDoNothing().returning({ id: serverAllocations.id })
      ).length
    }
    if (added === 0) return 0
    await recordActivity(tx, {
      actor,
      event: 'admin:allocation.create',
      target: { type: 'node', id: node.id },
      properties: { ip: asked.ip, ports: asked.ports, added },
    })
    await notify(tx, 'node', { nodeId: node.id, what: 'allocations' })
    return added
  })
}

/** What `createAllocations` would do, without doing it. */
export async function previewAllocations({
  node,
  asked,
}: Omit<CreateAllocations, 'actor'>): Promise<{ added: number; existing: number }> {
  const addresses = await expandAddresses(asked.ip)
  const ports = expandPorts(asked.ports)
  const isMeant = and(
    eq(serverAllocations.nodeId, node.id),
    inArray(serverAllocations.ip, addresses),
    inArray(serverAllocations.port, ports),
  )
  const existing = await useDrizzle().$count(serverAllocations, isMeant)
  return { added: addresses.length * ports.length - existing, existing }
}

async function pairsOf({ ip, ports }: CreateAllocationsBody): Promise<{ ip: string; port: number }[]> {
  const expanded = expandPorts(ports)
  return (await expandAddresses(ip)).flatMap((address) => expanded.map((port) => ({ ip: address, port })))
}
