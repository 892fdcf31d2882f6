import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { recordActivity } from '#server/services/activity/record-activity'
import { AUDIT_EXPORT_MAX } from '#shared/contracts/application/audit'
import type { AuditQuery } from './conditions'
import { listAudit } from './list-audit'
import type { FoundAudit } from './read-audit'

const PER_STATEMENT = 1000

/** Everything that fits the filters, the newest first, a piece at a time: nothing is held, and whoever is slow holds no connection. */
export async function* exportAudit(query: AuditQuery & { actor: Actor }): AsyncGenerator<FoundAudit> {
  let told = 0
  let before: string | undefined
  do {
    const found = await listAudit({ ...query, before, size: Math.min(PER_STATEMENT, AUDIT_EXPORT_MAX - told) })
    told += found.rows.length
    before = found.hasMore ? (found.before ?? undefined) : undefined
    yield found
  } while (before !== undefined && told < AUDIT_EXPORT_MAX)
}

/** Who took a copy of the log, and of which part. */
export async function recordExport({ actor, filters }: AuditQuery & { actor: Actor }): Promise<void> {
  await recordActivity(useDrizzle(), {
    actor,
    event: 'admin:audit.export',
    target: { type: 'audit', id: null },
    properties: { filters },
  })
}
