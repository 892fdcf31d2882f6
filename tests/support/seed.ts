import { readFileSync } from 'node:fs'
import * as core from 'drizzle-orm/pg-core'
import type { PgTable } from 'drizzle-orm/pg-core'

/** `export const users = pgTable(` up to the line that closes it. */
const TABLE = /^export const (\w+) = pgTable\([\s\S]*?\n?\}?\);$/gm

const { bigint, boolean, index, integer, pgTable, text, timestamp, uniqueIndex } = core
const WORDS = { bigint, boolean, index, integer, pgTable, text, timestamp, uniqueIndex }

/** The document itself, run: its code blocks are the tables. */
export function readSeed(file = 'tests/fixtures/seed/database-schema.txt'): Record<string, PgTable> {
  const blocks = [...readFileSync(file, 'utf8').matchAll(TABLE)]
  const names = blocks.map(([, name]) => name)
  const code = blocks.map(([block]) => block.replace('export ', '')).join('\n')
  // It refers to locations without printing them.
  const locations = `const locations = pgTable('locations', { id: text('id').primaryKey() })`
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the seed is a document: running it is the only way to compare with it and not with a copy
  const run = new Function(...Object.keys(WORDS), `${locations}\n${code}\nreturn { ${names.join(', ')}, locations }`)

  return run(...Object.values(WORDS)) as Record<string, PgTable>
}
