import pg from 'pg'

/** What of a database error may be logged. `detail` prints whole rows, so it is no part of this. */
export interface DatabaseFailure {
  /** PostgreSQL's five characters. */
  code: string
  table: string | undefined
  column: string | undefined
  constraint: string | undefined
}

const UNIQUE = '23505'
const NOT_NULL = '23502'
const FOREIGN_KEY = new Set(['23503', '23001'])
const WRONG_VALUE = /^22/

/** The error of PostgreSQL that lies in an error of the query builder. */
export function findDatabaseFailure(error: unknown): DatabaseFailure | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof pg.DatabaseError && cause.code) {
      return { code: cause.code, table: cause.table, column: cause.column, constraint: cause.constraint }
    }
  }

  return undefined
}

/** Whether the error is about a value that exists already; with `constraint`, whether it is that index which says so. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const failure = findDatabaseFailure(error)
  return failure?.code === UNIQUE && (constraint === undefined || failure.constraint === constraint)
}

/** Whether a row is still in use, or names one that does not exist. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  const failure = findDatabaseFailure(error)
  return (
    failure !== undefined &&
    FOREIGN_KEY.has(failure.code) &&
    (constraint === undefined || failure.constraint === constraint)
  )
}

/** Whether a row lacks what this column must have. */
export function isMissing(error: unknown, column: string): boolean {
  const failure = findDatabaseFailure(error)
  return failure?.code === NOT_NULL && failure.column === column
}

/** Takes the values out of an error before anybody else sees it: they may be tokens, and errors are logged. */
export function dropValues(error: unknown): void {
  if (!(error instanceof pg.DatabaseError)) {
    return
  }

  delete error.detail
  delete error.where
  delete error.internalQuery
  if (WRONG_VALUE.test(error.code ?? '')) {
    error.message = error.message.replace(/: .*/s, '')
  }
}
