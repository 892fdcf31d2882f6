/** The row of a statement that always has one: an insert with `returning`, a count. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined || rows.length > 1) {
    throw new Error(`One row was expected, ${rows.length} came.`)
  }

  return row
}
