const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
export type ByteUnit = (typeof UNITS)[number]

/** The number and its unit apart, for where the unit is set smaller. `unit` fixes it, so that two values can be compared. */
export function bytesOf(bytes: number, language = 'en', unit?: ByteUnit): { value: string; unit: ByteUnit } {
  const magnitude = Math.abs(bytes)
  // 1023.6 KiB would be printed as 1024 KiB.
  const fitting = UNITS.findIndex((_, power) => Math.round((magnitude / 1024 ** power) * 10) / 10 < 1000)
  const power = unit ? UNITS.indexOf(unit) : fitting === -1 ? UNITS.length - 1 : fitting
  const value = bytes / 1024 ** power
  const digits = power === 0 || Math.abs(value) >= 100 ? 0 : 1
  return {
    value: new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value),
    unit: UNITS[power] ?? 'B',
  }
}

/** `3.1 GiB`: binary, at most three digits; the space keeps number and unit on one line. A missing size is an en dash. */
export function formatBytes(bytes: number | null | undefined, language = 'en'): string {
  if (bytes === null || bytes === undefined) return '–'
  const { value, unit } = bytesOf(bytes, language)
  return `${value}\u00A0${unit}`
}

export const MIB = 1024 ** 2
