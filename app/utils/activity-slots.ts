/** What an event tells, in the words of its sentence: lists as one text, what is missing as a dash. */
export function activitySlots(
  properties: Record<string, unknown>,
  list: (names: readonly string[]) => string,
): Record<string, string | number> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, textOf(value, list)]))
}

function textOf(value: unknown, list: (names: readonly string[]) => string): string | number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return value === '' ? '–' : value
  if (Array.isArray(value)) return list(value.map((one) => String(textOf(one, list))))
  if (typeof value === 'object' && value !== null) {
    const { from, to } = value as { from?: unknown; to?: unknown }
    return from === undefined ? JSON.stringify(value) : `${String(from)} → ${String(to)}`
  }
  return value === null || value === undefined ? '–' : String(value)
}
