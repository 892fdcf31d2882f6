type Cell = string | number | null | undefined

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`

/** A spreadsheet runs what begins like a formula, and some names are chosen by strangers. */
function cellOf(value: Cell): string {
  const text = String(value ?? '')
  const inert = /^[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) || inert !== text ? `"${inert.replaceAll('"', '""')}"` : inert
}
