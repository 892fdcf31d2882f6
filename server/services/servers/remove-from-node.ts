import { inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { serverBackups, type BackupRow, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { wings } from '#server/wings/client'
import { ANSWER_WITHIN_MS } from '#server/wings/servers'

interface RemoveFromNode {
  actor: Actor
  server: ServerRow
  node: WingsNodeRow
  /** What the node would keep. */
  archives: BackupRow[]
}

/** At a time, so that one deletion does not take all of a node's connections. */
const AT_ONCE = 4

/**
 * Has the node delete a server and the archives that it would keep: those first, since it knows them only while it has
 * the server. Four seconds for all of it. Where it stops halfway, the backups whose archives are gone go too.
 *
 * @throws {AppError} `node.unreachable`, `node.refused`, `node.failed`
 */
export async function removeFromNode({ actor, server, node, archives }: RemoveFromNode): Promise<void> {
  const endsAt = Date.now() + ANSWER_WITHIN_MS
  const withinMs = () => Math.max(1, endsAt - Date.now())
  const waiting = [...archives]
  const gone: BackupRow[] = []

  async function removeNext(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await wings(node).backups.remove(server.uuid, next.uuid, { withinMs: withinMs() })
      gone.push(next)
    }
  }

  try {
    await Promise.all(Array.from({ length: AT_ONCE }, removeNext))
    await wings(node).servers.remove(server.uuid, { withinMs: withinMs() })
  } catch (error) {
    waiting.length = 0
    await hide(actor, server, gone)
    throw error
  }
}

async function hide(actor: Actor, server: ServerRow, gone: readonly BackupRow[]): Promise<void> {
  if (gone.length === 0) return
  const ids = gone.map(({ id }) => id)
  await useDrizzle().transaction(async (tx) => {
    await tx.update(serverBackups).set({ deletedAt: now() }).where(inArray(serverBackups.id, ids))
    for (const { id, name } of gone)
      await recordActivity(tx, {
        actor,
        event: 'server:backup.delete',
        target: { type: 'server', id: server.id },
        subjects: [{ type: 'backup', id }],
        properties: { name, failed: false, reason: 'server_deletion' },
      })
    await notify(tx, 'server', { serverId: server.id, what: 'backups' })
  })
}
