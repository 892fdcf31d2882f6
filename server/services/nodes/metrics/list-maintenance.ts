import { and, asc, eq, gte } from 'drizzle-orm'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { auditMetadata } from '#server/database/json'
import { auditEvents, type WingsNodeRow } from '#server/database/schema'

export interface Period {
  from: string
  to: string
}

const switched = z.object({ maintenanceMode: z.boolean() })

/** When a node was in maintenance since then, read from who began and ended it. One that goes on ends now. */
export async function listMaintenance(
  { id, maintenanceMode }: Pick<WingsNodeRow, 'id' | 'maintenanceMode'>,
  since: string,
): Promise<Period[]> {
  const rows = await useDrizzle()
    .select({ at: auditEvents.occurredAt, metadata: auditEvents.metadata })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetType, 'node'),
        eq(auditEvents.targetId, id),
        eq(auditEvents.action, 'admin:node.update'),
        gte(auditEvents.occurredAt, since),
      ),
    )
    .orderBy(asc(auditEvents.occurredAt))
  const changes = rows.flatMap(({ at, metadata }) => {
    const after = switched.safeParse(z.decode(auditMetadata, metadata ?? '{}').after).data
    return after ? [{ at, isOn: after.maintenanceMode }] : []
  })

  const periods: Period[] = []
  const first = changes[0]
  let from = (first ? !first.isOn : maintenanceMode) ? since : undefined
  for (const { at, isOn } of changes) {
    if (isOn) from ??= at
    else if (from !== undefined) {
      periods.push({ from, to: at })
      from = undefined
    }
  }
  return from === undefined ? periods : [...periods, { from, to: now() }]
}
