import { and, eq, ne } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import type { Executor } from '#server/database/client'
import { serverBackups, type WingsNodeRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { isListed } from './queries'

/** Backups whose archives lie on a node that goes: nothing could be done with them any more. */
export async function loseArchives(
  tx: Executor,
  { actor, node }: { actor: Actor; node: Pick<WingsNodeRow, 'id' | 'name'> },
): Promise<void> {
  const lost = await tx
    .update(serverBackups)
    .set({ deletedAt: now() })
    .where(and(eq(serverBackups.nodeId, node.id), ne(serverBackups.disk, 's3'), isListed))
    .returning()
  for (const { id, serverId, name, isSuccessful } of lost) {
    await recordActivity(tx, {
      actor,
      event: 'server:backup.delete',
      target: { type: 'server', id: serverId },
      subjects: [{ type: 'backup', id }],
      properties: { name, failed: !isSuccessful, reason: 'node_deleted', node: node.name },
    })
    await notify(tx, 'server', { serverId, what: 'backups' })
  }
}
