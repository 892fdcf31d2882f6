/** What a source says of a transfer, read from its lines. */
export interface TransferProgress {
  /** Bytes, as far as it told; undefined before the first figure. */
  done?: number
  total?: number
  /** All of it is on the target, which unpacks and checks it. */
  isSent: boolean
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
const FIGURES = /Uploading \[[= ]*\] ([\d.]+) (\w+) \/ ([\d.]+) (\w+)/

/** The next state after a line, its colours left out: `… Uploading [===      ] 12.4 MiB / 50.0 MiB`. */
export function progressAfter(before: TransferProgress, line: string): TransferProgress {
  if (/Preparing to stream/.test(line)) return { isSent: false }
  if (/Finished streaming/.test(line)) return { ...before, isSent: true }
  const [, done, doneUnit, total, totalUnit] = FIGURES.exec(line) ?? []
  if (!done || !total) return before
  return { done: bytesIn(done, doneUnit), total: bytesIn(total, totalUnit), isSent: false }
}

const bytesIn = (amount: string, unit = 'B') => Number(amount) * 1024 ** Math.max(0, UNITS.indexOf(unit))

/** The sentence alone, without the time and the name of the system that says it. */
export const transferSentence = (line: string): string => line.replace(/^.*\[Transfer System\] \[[^\]]*\]:\s*/, '')
