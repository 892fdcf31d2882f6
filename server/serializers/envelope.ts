import type { nothing as nothingSchema, Wire } from '#shared/contracts/envelope'

export const itemOf = <const Name extends string, Attributes>(object: Name, attributes: Attributes) => ({
  object,
  attributes,
})

export const listOf = <Item>(data: Item[]) => ({ object: 'list' as const, data })

export const NOTHING: Wire<typeof nothingSchema> = { object: 'null_resource', attributes: null }

/** Rows of one page and what is known of all. */
export interface Found<Row> {
  rows: Row[]
  total: number
  page: number
  size: number
}

/**
 * A page with its pagination. Links lie under the panel's own address and repeat the query.
 * `links` is the empty object where there is neither a page before nor one after.
 */
export function pageOf<Row, Item>({ rows, total, page, size }: Found<Row>, serialize: (row: Row) => Item, url: URL) {
  const pages = Math.max(1, Math.ceil(total / size))
  const at = (number: number) => {
    const link = new URL(url)
    link.searchParams.set('page', String(number))
    return link.toString()
  }
  const links = {
    ...(page > 1 && { previous: at(Math.min(page - 1, pages)) }),
    ...(page < pages && { next: at(page + 1) }),
  }
  const pagination = { total, count: rows.length, per_page: size, current_page: page, total_pages: pages, links }
  return { ...listOf(rows.map(serialize)), meta: { pagination } }
}

/** `2026-01-02T03:04:05.678Z` → `2026-01-02T03:04:05+00:00`. */
export const stampOf = (moment: string): string => `${moment.slice(0, 19)}+00:00`

/** The form of raw rows: `2026-01-02T03:04:05.000000Z`. */
export const rawStampOf = (moment: string): string => `${moment.slice(0, 19)}.000000Z`

/** Where the object that was just made can be read, under the panel's own address. */
export const resourceAt = (url: URL, id: string) => ({
  resource: `${url.origin}${url.pathname.replace(/\/$/, '')}/${id}`,
})
