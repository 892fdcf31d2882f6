import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { changeStatus, lockServer } from './lock-server'

/**
 * For a server that got stuck: installed becomes installing and the other way round, without a word to the node.
 *
 * @throws {AppError} `server.installation_failed`
 */
export async function toggleInstalled({ actor, server }: { actor: Actor; server: ServerRow }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    if (current.status === 'install_failed') throw new AppError('server.installation_failed')
    const isInstalling = current.status === 'installing' || current.previousStatus === 'installing'
    await changeStatus(tx, current, { kind: isInstalling ? 'mark_installed' : 'install' })
    await recordActivity(tx, {
      actor,
      event: 'admin:server.installed',
      target: { type: 'server', id: server.id },
      properties: { installed: isInstalling },
    })
  })
}
