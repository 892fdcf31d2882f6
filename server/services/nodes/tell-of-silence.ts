import { and, eq, isNotNull, lte } from 'drizzle-orm'
import { useDrizzle, type Executor } from '#server/database/client'
import { wingsNodes, type WingsNodeRow } from '#server/database/schema'
import { notifyAdministrators } from '#server/services/notifications/recipients'

/** A short silence is a restart: nobody is called for that. */
const SILENCE_MS = 2 * 60_000

type Silence = Pick<WingsNodeRow, 'id' | 'name' | 'unreachableSince'>

/** Tells whoever looks after a node that it does not answer, once for each silence. One under maintenance is not missed. */
export async function tellOfSilence(): Promise<void> {
  const db = useDrizzle()
  const since = new Date(Date.now() - SILENCE_MS).toISOString()
  const silent = await db
    .select({ id: wingsNodes.id, name: wingsNodes.name, unreachableSince: wingsNodes.unreachableSince })
    .from(wingsNodes)
    .where(
      and(
        isNotNull(wingsNodes.unreachableSince),
        lte(wingsNodes.unreachableSince, since),
        eq(wingsNodes.maintenanceMode, false),
      ),
    )
  for (const node of silent) await db.transaction((tx) => tell(tx, 'node.silent', node))
}

/** Takes it back, where it was told. */
export async function tellOfReturn(tx: Executor, node: Silence & Pick<WingsNodeRow, 'maintenanceMode'>): Promise<void> {
  const began = Date.parse(node.unreachableSince ?? '')
  if (Date.now() - began >= SILENCE_MS && !node.maintenanceMode) await tell(tx, 'node.back', node)
}

async function tell(tx: Executor, kind: 'node.silent' | 'node.back', node: Silence): Promise<void> {
  const dedupeKey = `${kind}:${node.id}:${node.unreachableSince}`
  await notifyAdministrators(tx, { resource: 'nodes', node }, { kind, dedupeKey })
}
