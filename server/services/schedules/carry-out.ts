import { SYSTEM } from '#server/auth/actor'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { createBackup } from '#server/services/backups/create-backup'
import { makeRoom } from '#server/services/backups/make-room'
import { typeCommand } from '#server/services/servers/send-command'
import { wings } from '#server/wings/client'
import { POWER_PAYLOADS } from '#shared/contracts/client/schedules'
import { deleteMatching } from './delete-matching'

export interface Order {
  server: ServerRow
  node: WingsNodeRow
  action: string
  payload: string
}

/**
 * Does what a task says. Commands and signals are not part of the activity log, which a restart each night would fill: the
 * history of the schedule has them.
 *
 * @throws {AppError} what the node, and the limits of backups, refuse it with
 */
export async function carryOut({ server, node, action, payload }: Order): Promise<void> {
  switch (action) {
    case 'command':
      return typeCommand({ server, node, command: payload })
    case 'power':
      return wings(node).servers.power(server.uuid, signalOf(payload))
    case 'backup': {
      await makeRoom({ server, node })
      const ignoredFiles = linesOf(payload)
      await createBackup({ actor: SYSTEM, server, node, ignoredFiles, isLocked: false, isScheduled: true })
      return
    }
    case 'delete_files':
      return deleteMatching({ server, node, paths: linesOf(payload) })
    default:
      throw new AppError('schedule.action_unknown', { values: { action } })
  }
}

function signalOf(payload: string) {
  const signal = POWER_PAYLOADS.find((known) => known === payload.trim())
  if (!signal) throw new AppError('schedule.signal_unknown', { values: { signal: payload.slice(0, 50) } })
  return signal
}

const linesOf = (payload: string) => payload.split(/\r?\n/).filter((line) => line.trim() !== '')
