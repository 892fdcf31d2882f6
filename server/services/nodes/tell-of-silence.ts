import { and, eq, isNotNull, lte } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { notifications, wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notifyAdministrators } from '#server/services/notifications/recipients'

/** A short silence is a restart: nobody is called for that. */
const SILENCE_MS = 2 * 60_000

type Silence = Pick<WingsNodeRow, 'id' | 'name' | 'unreachableSince'>

/**
 * Tells whoever looks after a node that it does not answer, once for each silence. One under maintenance is not missed, and
 * one that never answered is not set up yet.
 */
export async function tellOfSilence(): Promise<void> {
  const db = useDrizzle()
  const since = new Date(Date.now() - SILENCE_MS).toISOString()
  const silent = await db
    .select({ id: wingsNodes.id, name: wingsNodes.name, unreachableSince: wingsNodes.unreachableSince })
    .from(wingsNodes)
    .where(
      and(
        isNotNull(wingsNodes.lastSeenAt),
        lte(wingsNodes.unreachableSince, since),
        eq(wingsNodes.maintenanceMode, false),
      ),
    )
  for (const node of silent)
    await db.transaction(async (tx) => {
      const notice = { kind: 'node.silent', dedupeKey: keyOf('node.silent', node) } as const
      await notifyAdministrators(tx, { resource: 'nodes', node }, notice)
    })
}

/** Takes it back, of those who were told and whose matter it still is. */
export async function tellOfReturn(tx: Executor, node: Silence): Promise<void> {
  const told = await tx
    .select({ userId: notifications.userId })
    .from(notifications)
    .where(and(eq(notifications.nodeId, node.id), eq(notifications.dedupeKey, keyOf('node.silent', node))))
  const among = told.map(({ userId }) => userId)
  const notice = { kind: 'node.back', dedupeKey: keyOf('node.back', node) } as const
  await notifyAdministrators(tx, { resource: 'nodes', node, among }, notice)
}

const keyOf = (kind: 'node.silent' | 'node.back', node: Silence) => `${kind}:${node.id}:${node.unreachableSince}`
