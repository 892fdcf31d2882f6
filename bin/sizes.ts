import { UsageError } from './explain.ts'

const MIB_PER_UNIT: Record<string, number> = { '': 1, m: 1, g: 1024, t: 1024 * 1024 }

/** `4096`, `4096MiB`, `4G`, `4 GiB` → MiB, in which the panel counts memory and disk. */
export function mibOf(option: string, text: string): number {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([mgt]?)(?:ib?|b)?\s*$/i.exec(text) ?? []
  const mib = Number(amount) * (MIB_PER_UNIT[unit.toLowerCase()] ?? Number.NaN)
  if (!Number.isInteger(mib)) throw new UsageError(`--${option}: "${text}" is no size. Say 4096, 4096MiB or 4GiB.`)
  return mib
}
