import { stripVTControlCharacters } from 'node:util'
import { OperatorError } from '#server/env/operator-error'

/** A command was called in a way that it cannot be. */
export class UsageError extends OperatorError {}

/** A sentence for what the person at the command line can mend; the whole error for what only we can. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error)
  }
  if (error.name === 'CLIError' || error.name === 'OperatorError') {
    return stripVTControlCharacters(error.message)
  }
  if (error.name === 'AppError') {
    const { fields = [] } = error as Error & { fields?: { field: string; detail: string }[] }
    return [fields.length > 0 ? '' : error.message, ...fields.map(({ field, detail }) => `${field}: ${detail}`)]
      .filter(Boolean)
      .join('\n')
  }

  return error.stack ?? error.message
}

/** 1: refused, or failed. 2: called wrongly, and nothing was begun. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof UsageError || (error instanceof Error && error.name === 'CLIError') ? 2 : 1
