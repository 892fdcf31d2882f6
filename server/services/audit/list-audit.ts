import { statementOf, type AuditQuery } from './conditions'
import { nameAudit } from './name-audit'
import { readAudit, type FoundAudit } from './read-audit'
import { searchAudit } from './search-audit'

/**
 * A page of what was done, the newest first: one statement and one for the
 * names in it. No number of all: nobody could count them so fast.
 */
export async function listAudit(query: AuditQuery & { size: number }): Promise<FoundAudit> {
  const { size } = query
  if (query.filters['*'] !== undefined) return searchAudit({ ...query, text: query.filters['*'] })

  const found = await readAudit(statementOf(query), size + 1)
  const rows = found.slice(0, size)
  const hasMore = found.length > size
  return {
    rows,
    names: await nameAudit(rows),
    hasMore,
    before: hasMore ? (rows.at(-1)?.id ?? null) : null,
    searchedTo: null,
  }
}
