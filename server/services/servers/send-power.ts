import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import { wings } from '#server/wings/client'
import type { PowerSignal } from '#shared/contracts/client/console'

interface SendPower {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  signal: PowerSignal
  /** Of many that are told at once, none is waited for as long as of one. */
  withinMs?: number
}

/**
 * Hands a power signal to the node, which answers before anything has happened; what comes of it is seen in the state.
 * Written down only once the node has taken it.
 *
 * @throws {AppError} `node.unreachable`, `node.refused`, `node.failed`
 */
export async function sendPower({ actor, server, node, signal, withinMs }: SendPower): Promise<void> {
  await wings(node).servers.power(server.uuid, signal, { withinMs })
  await recordActivity(useDrizzle(), {
    actor,
    event: `server:power.${signal}`,
    target: { type: 'server', id: server.id },
  })
}
