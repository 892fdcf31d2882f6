import { usePool } from '#server/database/client'
import { AUDIT_SEARCH_DAYS } from '#shared/contracts/application/audit'
import { periodOf, statementOf, type AuditQuery } from './conditions'
import { nameAudit } from './name-audit'
import { readAudit, type AuditRow, type FoundAudit } from './read-audit'

const DAY_MS = 86_400_000
/** Rows that one statement looks at: some ten milliseconds of the database. */
const STRETCH = 10_000
/** After so long no further stretch is begun; the page then says how far it has looked. */
const BUDGET_MS = 60

const literal = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`)

/**
 * Free text has no index: it is looked for along the ids, stretch by stretch, through one period. What takes too long
 * ends with what was found and goes on from there when asked again, so that no search ever holds the database.
 */
export async function searchAudit(query: AuditQuery & { size: number; text: string }): Promise<FoundAudit> {
  const found = await look(query)
  return { ...found, names: await nameAudit(found.rows) }
}

async function look(query: AuditQuery & { size: number; text: string }): Promise<Omit<FoundAudit, 'names'>> {
  const { size, text, seesAddresses } = query
  const { from, to } = periodOf(query.filters)
  const oldest = from ?? (to ?? Date.now()) - AUDIT_SEARCH_DAYS * DAY_MS
  const filters = { ...query.filters, from: new Date(oldest).toISOString() }
  const startedAt = performance.now()

  const rows: AuditRow[] = []
  let before = query.before
  for (;;) {
    const wanted = size + 1 - rows.length
    const stretch = statementOf({ ...query, filters, before })
    const end = await endOf(stretch)
    const inStretch =
      end === undefined ? stretch : { ...stretch, where: [...stretch.where, `e.id >= $${stretch.values.push(end)}`] }
    const pattern = `$${inStretch.values.push(`%${literal(text)}%`)}`
    const where = [...inStretch.where, containing(pattern, seesAddresses)]
    rows.push(...(await readAudit({ ...inStretch, where, isUsual: false }, wanted)))

    if (rows.length > size) {
      const page = rows.slice(0, size)
      return {
        rows: page,
        hasMore: true,
        before: page.at(-1)?.id ?? null,
        searchedTo: page.at(-1)?.occurred_at ?? null,
      }
    }
    if (end === undefined) return { rows, hasMore: false, before: null, searchedTo: new Date(oldest).toISOString() }
    before = end
    if (performance.now() - startedAt > BUDGET_MS) return { rows, hasMore: true, before, searchedTo: momentOf(end) }
  }
}

/** The id of the last row of a stretch; undefined where it reaches the end of the period. */
async function endOf({ where, walks, values }: ReturnType<typeof statementOf>): Promise<string | undefined> {
  const ways = walks.map(
    (walk) =>
      `(select e.id from audit_events e where ${[...walk.where, ...where].join(' and ')} order by e.id desc limit ${STRETCH})`,
  )
  const text = `select distinct id from (${ways.join(' union all ')}) u order by id desc offset ${STRETCH - 1} limit 1`
  const { rows } = await usePool().query<{ id: string }>({ text, values: [...values] })
  return rows[0]?.id
}

/** What is not shown cannot be found either: an address that only matches would tell it. */
function containing(pattern: string, seesAddresses: boolean): string {
  const told = seesAddresses ? 'e.metadata' : `regexp_replace(e.metadata, '"ip":"[^"]*"', '', 'g')`
  const columns = ['e.action', 'e.actor_name', 'e.target_id', told, ...(seesAddresses ? ['e.ip'] : [])]
  return `(${columns.map((column) => `${column} ilike ${pattern}`).join(' or ')})`
}

const momentOf = (id: string): string => new Date(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toISOString()
