import { inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { AppError } from '#server/errors'
import { logger } from '#server/logger'
import { reachesNode } from '#server/policies/administration-policy'
import { conflictOf } from '#server/policies/server-policy'
import { servers } from '#server/database/schema'
import type { PowerSignal } from '#shared/contracts/client/console'
import { findServers, type ServerWithNode } from './find-server'
import { sendPower } from './send-power'
import { suspendServer, unsuspendServer } from './suspend-server'

/** How many servers of one node are told at the same time. */
const AT_ONCE = 4
/** A node takes a signal before anything happens. */
const WITHIN_MS = 4_000

export interface ServerOutcome {
  serverId: string
  /** Null: done. */
  failure: AppError | null
}

interface Many {
  actor: Actor
  /** Numbers. */
  ids: readonly string[]
}

/** The same signal for many, in the order in which they were named. One on a node beyond his roles does not exist for him. */
export const powerMany = ({ signal, ...many }: Many & { signal: PowerSignal }): Promise<ServerOutcome[]> =>
  actOnMany(many, async ({ server, node, isTransferring }) => {
    const { status, suspended } = server
    const conflict = conflictOf(
      { status, suspended, isNodeUnderMaintenance: node.maintenanceMode, isTransferring },
      { kind: 'administrator' },
      'ready',
    )
    if (conflict) throw new AppError(conflict)
    await sendPower({ actor: many.actor, server, node, signal, withinMs: WITHIN_MS })
  })

/** Suspends many, or ends their suspension. */
export const suspendMany = ({ suspended, ...many }: Many & { suspended: boolean }): Promise<ServerOutcome[]> =>
  actOnMany(many, ({ server, node }) =>
    (suspended ? suspendServer : unsuspendServer)({ actor: many.actor, server, node }),
  )

/** Nodes are asked beside each other, so that one that hangs keeps only its own servers waiting. */
async function actOnMany(
  { actor, ids }: Many,
  act: (found: ServerWithNode) => Promise<void>,
): Promise<ServerOutcome[]> {
  const wanted = [...new Set(ids)]
  const found = (await findServers(inArray(servers.id, wanted))).filter(({ node }) => reachesNode(actor, node.id))
  const failures = new Map<string, AppError | null>()

  const work = async (waiting: ServerWithNode[]) => {
    for (let one = waiting.shift(); one; one = waiting.shift())
      failures.set(one.server.id, await failureOf(act(one), one))
  }
  const lines = [...Map.groupBy(found, ({ node }) => node.id).values()]
  await Promise.all(lines.flatMap((waiting) => Array.from({ length: AT_ONCE }, () => work(waiting))))

  return wanted.map((serverId) => {
    const failure = failures.get(serverId)
    return { serverId, failure: failure === undefined ? new AppError('resource.not_found') : failure }
  })
}

async function failureOf(acted: Promise<void>, { server }: ServerWithNode): Promise<AppError | null> {
  try {
    await acted
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    logger.error({ err: error, server: server.uuid }, 'one of many servers could not be acted upon')
    return new AppError('internal', { cause: error })
  }
}
