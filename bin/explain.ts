/** A sentence for what the person at the command line can mend; the whole error for what only we can. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error)
  }
  if (error.name === 'CLIError' || error.name === 'OperatorError') {
    return error.message
  }
  if (error.name === 'AppError') {
    const { fields = [] } = error as Error & { fields?: { field: string; detail: string }[] }
    return [fields.length > 0 ? '' : error.message, ...fields.map(({ field, detail }) => `${field}: ${detail}`)]
      .filter(Boolean)
      .join('\n')
  }

  return error.stack ?? error.message
}
