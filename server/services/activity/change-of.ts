/**
 * What an administrator changed, in the one form of the audit: the fields that differ, as they were and as they are. Times of
 * the row itself say nothing.
 */
export function changeOf<Row extends object, Key extends keyof Row & string>(
  before: Row,
  after: Pick<Row, Key>,
  keys: readonly Key[],
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return {
    before: Object.fromEntries(changed.map((key) => [key, before[key]])),
    after: Object.fromEntries(changed.map((key) => [key, after[key]])),
  }
}
