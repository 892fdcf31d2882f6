import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { wings } from '#server/wings/client'

interface SendCommand {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  command: string
}

/**
 * Types a line into a server's console.
 *
 * @throws {AppError} `server.not_running`, `node.unreachable`, `node.refused`, `node.failed`
 */
export async function sendCommand({ actor, server, node, command }: SendCommand): Promise<void> {
  await typeCommand({ server, node, command })
  await recordActivity(useDrizzle(), {
    actor,
    event: 'server:console.command',
    target: { type: 'server', id: server.id },
    properties: { command },
  })
}

/** The same, without writing it down. */
export async function typeCommand({ server, node, command }: Omit<SendCommand, 'actor'>): Promise<void> {
  try {
    await wings(node).servers.command(server.uuid, [command])
  } catch (error) {
    throw (await isOff(error, { server, node })) ? new AppError('server.not_running', { cause: error }) : error
  }
}

/** Where even the container is gone, a daemon only says that it failed. */
async function isOff(thrown: unknown, { server, node }: Pick<SendCommand, 'server' | 'node'>): Promise<boolean> {
  if (!(thrown instanceof AppError) || thrown.code !== 'node.failed') return false
  if (thrown.status !== 500) return thrown.status === 502
  const live = await wings(node)
    .servers.get(server.uuid)
    .catch(() => undefined)
  return live?.state === 'offline'
}
