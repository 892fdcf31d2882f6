import { and, eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { serverLimits, wingsNodes, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { hasRoom } from '#server/services/nodes/viable-nodes'

const FLAVOUR_NAMES = { pterodactyl: 'Pterodactyl', pelican: 'Pelican' } as const

/**
 * Why a server cannot go to a node, beginning with what cannot be changed. Private nodes and nodes under maintenance take
 * servers: an administrator chose them.
 *
 * @throws {AppError} `transfer.*`
 */
export async function refuseTarget(
  tx: Executor,
  { server, source, target }: { server: ServerRow; source: WingsNodeRow; target: WingsNodeRow },
): Promise<void> {
  if (source.id === target.id) throw new AppError('transfer.same_node', { values: { node: target.name } })

  const unknown = [source, target].find(({ flavour }) => flavour === null)
  if (unknown) throw new AppError('transfer.flavour_unknown', { values: { node: unknown.name } })
  // Their streams name the checksum differently: such a transfer only ends in a failure.
  if (source.flavour && target.flavour && source.flavour !== target.flavour)
    throw new AppError('transfer.flavours_differ', {
      values: {
        source: source.name,
        sourceFlavour: FLAVOUR_NAMES[source.flavour],
        target: target.name,
        targetFlavour: FLAVOUR_NAMES[target.flavour],
      },
    })
  if (target.unreachableSince !== null) throw new AppError('transfer.target_silent', { values: { node: target.name } })

  const [limits] = await tx.select().from(serverLimits).where(eq(serverLimits.serverId, server.id))
  const fits = and(
    eq(wingsNodes.id, target.id),
    hasRoom('memory', limits?.memory ?? 0),
    hasRoom('disk', limits?.disk ?? 0),
  )
  if ((await tx.$count(wingsNodes, fits)) === 0) throw new AppError('transfer.no_room')
}
