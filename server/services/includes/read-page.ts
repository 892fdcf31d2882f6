import { usePool } from '#server/database/client'
import { keptBriefly } from '#server/services/includes/kept-briefly'

/** As it is before `limit`. */
export interface PageStatement {
  text: string
  values: unknown[]
}

interface ReadPage {
  /** `withTotal`: its last column is how many rows there are in all. */
  statement: (withTotal: boolean) => PageStatement
  /** The names of the columns before the total, in their order. */
  keys: readonly string[]
  /**
   * Of a list that is not narrowed: planned once in each connection, and its total, which costs as much as the page, is kept
   * for a second or until a hint says that it changed.
   */
  name?: string
  page: number
  size: number
}

/** Any other number of rows is a statement of its own: too many of them would be kept. */
const USUAL_SIZES: readonly number[] = [10, 25, 50, 100]
const totals = keptBriefly<number>(['administration'])

/**
 * A page and its total in one statement. For lists that are asked for all day: rows come as arrays, and only what
 * replies need of them is made an object.
 */
export async function readPage<Row>(asked: ReadPage): Promise<{ rows: Row[]; total: number }> {
  const { keys, name, page, size } = asked
  const known = name === undefined ? undefined : totals.look([name]).found.get(name)
  const rows = await read(asked, { withTotal: known === undefined, size, offset: (page - 1) * size })
  const isBeyond = rows.length === 0 && page > 1 && known === undefined
  const [first] = isBeyond ? await read(asked, { withTotal: true, size: 1, offset: 0 }) : rows
  const total = known ?? (first?.[keys.length] as number | undefined) ?? 0
  if (name !== undefined && known === undefined) totals.keep(new Map([[name, total]]))
  return { rows: rows.map((row) => rowOf<Row>(keys, row)), total }
}

interface Stretch {
  withTotal: boolean
  size: number
  offset: number
}

async function read({ statement, name }: ReadPage, { withTotal, size, offset }: Stretch): Promise<unknown[][]> {
  const { text, values } = statement(withTotal)
  // The number of rows stands in the text: for one that is only known later other plans are made, for more rows.
  const { rows } = await usePool().query<unknown[]>({
    ...(name !== undefined && USUAL_SIZES.includes(size) && { name: `${name} ${size} ${withTotal}` }),
    text: `${text} limit ${Number(size)} offset $${values.length + 1}`,
    values: [...values, offset],
    rowMode: 'array',
  })
  return rows
}

function rowOf<Row>(keys: readonly string[], values: readonly unknown[]): Row {
  const row: Record<string, unknown> = {}
  for (let at = 0; at < keys.length; at++) row[keys[at] as string] = values[at]
  return row as Row
}

/** Made once for each of its two forms: building a statement costs as much as reading its rows. */
export function remembered(make: (withTotal: boolean) => PageStatement): (withTotal: boolean) => PageStatement {
  const made = new Map<boolean, PageStatement>()
  return (withTotal) => {
    const known = made.get(withTotal) ?? make(withTotal)
    made.set(withTotal, known)
    return known
  }
}
