import pg from 'pg'

/** A database as it describes itself: one line for each column, index and foreign key. */
export interface Catalog {
  columns: Map<string, string>
  indexes: Map<string, string>
  foreignKeys: Map<string, string>
}

const COLUMNS = `
  select table_name || '.' || column_name as name,
         concat_ws(' ', data_type, case when is_nullable = 'NO' then 'not null' end, 'default ' || column_default) as definition
    from information_schema.columns where table_schema = 'public'`

const INDEXES = `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'public'`

const FOREIGN_KEYS = `
  select conname as name, conrelid::regclass || ' ' || pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`

export async function readCatalog(url: string): Promise<Catalog> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const read = async (question: string) => {
    const { rows } = await client.query<{ name: string; definition: string }>(question)
    return new Map(rows.map(({ name, definition }) => [name, definition]))
  }
  try {
    return { columns: await read(COLUMNS), indexes: await read(INDEXES), foreignKeys: await read(FOREIGN_KEYS) }
  } finally {
    await client.end()
  }
}
