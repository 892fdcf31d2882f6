import { useDrizzle } from '#server/database/client'
import { servers } from '#server/database/schema'
import { eq } from 'drizzle-orm'
import { breakOffRestore } from './break-off-restore'

interface Unheard {
  serverId: string
  backupId: string
  since: string
}

/** Runs only where the panel ended before it could say whether the node has taken a restore: then it has not begun. */
export async function settleUnheardRestore({ serverId, ...restore }: Unheard): Promise<void> {
  if ((await useDrizzle().$count(servers, eq(servers.id, serverId))) === 0) return
  await breakOffRestore({ serverId, ...restore, reason: 'panel_interrupted' })
}
