import { SYSTEM } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import type { ServerRow } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyOfServer } from '#server/services/notifications/recipients'
import { changeStatus, lockServer } from './lock-server'

interface FinishInstall {
  server: ServerRow
  successful: boolean
  isReinstall: boolean
}

/**
 * Records what the node reports of an installation. A suspended server stays suspended. Said twice, nothing changes: only
 * a server that is being installed takes a report.
 */
export async function finishInstall({ server, successful, isReinstall }: FinishInstall): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const isInstalling = current.status === 'installing' || current.previousStatus === 'installing'
    if (!isInstalling) return

    const isFirst = current.installedAt === null
    await changeStatus(tx, current, { kind: 'installed', successful, isReinstall }, { installedAt: now() })
    const event = successful ? 'server:install.complete' : 'server:install.fail'
    await recordActivity(tx, {
      actor: SYSTEM,
      event,
      target: { type: 'server', id: server.id },
      properties: { name: current.name, reinstall: isReinstall },
    })

    const done = isFirst ? 'server.installed' : 'server.reinstalled'
    await notifyOfServer(tx, current, { kind: successful ? done : 'server.install-failed' })
  })
}
