const COLOURS: Record<string, number> = { fatal: 31, error: 31, warn: 33, info: 32, debug: 36, trace: 90 }

interface Line {
  level: string
  time: string
  msg?: string
  err?: { message?: string; stack?: string }
  [field: string]: unknown
}

/** One JSON line of the log, as a person on a terminal reads it. */
export function printLine(json: string): string {
  const { level, time, msg = '', err, ...rest } = JSON.parse(json) as Line
  const fields = Object.entries(rest).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const trace = err?.stack ?? err?.message

  return `\u001B[90m${time.slice(11, 19)}\u001B[0m ${paint(level, COLOURS[level])} ${msg}\u001B[90m${fields.join('')}\u001B[0m\n${trace ? `${trace}\n` : ''}`
}

const paint = (text: string, colour = 0) => `\u001B[${colour}m${text.padEnd(5)}\u001B[0m`
