import pino from 'pino'
import { readLogLevel } from './env.ts'
import { printLine } from './logger/lines.ts'
import { describeError, redact } from './logger/redaction.ts'

/**
 * The panel's one log: JSON lines, or lines for people on a terminal. What looks like a credential is never printed,
 * however deep it lies, and request bodies are never handed over.
 */
export const logger = pino(
  {
    level: readLogLevel(),
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError, error: describeError, cause: describeError },
    formatters: { level: (label) => ({ level: label }), log: redact },
  },
  process.stdout.isTTY ? { write: (line: string) => process.stdout.write(printLine(line)) } : undefined,
)
