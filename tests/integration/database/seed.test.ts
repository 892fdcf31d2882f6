import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { getTableColumns, getTableName } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, expectTypeOf, inject, it } from 'vitest'
import { tables, type ServerRow, type UserRow, type WingsNodeRow } from '#server/database/schema'
import { readCatalog, type Catalog } from '../../support/catalog'
import { makeDatabase, type OwnDatabase } from '../../support/database'
import { readSeed } from '../../support/seed'

/*
 * The one list of what differs from the seed, each with its reason. What we add (tables, columns, indexes, checks, keys that it
 * has not) is free and stands nowhere.
 */
const CHANGES: Record<string, [from: string, to: string]> = {
  // At 2 GiB an int4 refuses the report, and Wings deletes the archive.
  'server_backups.bytes': ['integer not null default 0', 'bigint not null default 0'],

  // The API names these by number, so the database counts.
  ...Object.fromEntries(
    ['users', 'wings_nodes', 'servers', 'server_allocations', 'nests', 'eggs', 'egg_variables', 'server_schedules'].map(
      (table) => [
        `${table}.id`,
        ['text not null', `text not null default (nextval('${table}_id_seq'::regclass))::text`] as [string, string],
      ],
    ),
  ),

  // The seed promises in words that owner and node take their servers along, and leaves it out of its code.
  servers_owner_id_users_id_fk: [
    'servers FOREIGN KEY (owner_id) REFERENCES users(id)',
    'servers FOREIGN KEY (owner_id) REFERENCES users(id) ON DELETE CASCADE',
  ],
  servers_node_id_wings_nodes_id_fk: [
    'servers FOREIGN KEY (node_id) REFERENCES wings_nodes(id)',
    'servers FOREIGN KEY (node_id) REFERENCES wings_nodes(id) ON DELETE CASCADE',
  ],
  // A server without its port is repaired; with it deleted it would be lost.
  servers_allocation_id_server_allocations_id_fk: [
    'servers FOREIGN KEY (allocation_id) REFERENCES server_allocations(id)',
    'servers FOREIGN KEY (allocation_id) REFERENCES server_allocations(id) ON DELETE SET NULL',
  ],
  // What servers are made of stays as long as one of them is there, whatever order a statement deletes in.
  servers_nest_id_nests_id_fk: [
    'servers FOREIGN KEY (nest_id) REFERENCES nests(id)',
    'servers FOREIGN KEY (nest_id) REFERENCES nests(id) ON DELETE RESTRICT',
  ],
  servers_egg_id_eggs_id_fk: [
    'servers FOREIGN KEY (egg_id) REFERENCES eggs(id)',
    'servers FOREIGN KEY (egg_id) REFERENCES eggs(id) ON DELETE RESTRICT',
  ],
}

const { locations: _unprinted, ...seed } = readSeed()

let databases: OwnDatabase[]
let asPrinted: Catalog
let ours: Catalog

beforeAll(async () => {
  const printed = await makeDatabase(inject('templateUrl'), { isEmpty: true })
  const migrated = await makeDatabase(inject('templateUrl'))
  databases = [printed, migrated]
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(readSeed()))
  const client = new pg.Client({ connectionString: printed.url })
  await client.connect()
  await client.query(statements.join('\n'))
  await client.end()
  ;[asPrinted, ours] = [await readCatalog(printed.url), await readCatalog(migrated.url)]
})

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()))
})

const ofLocations = ([name]: [string, string]) => /^locations[._]/.test(name)

function changesIn(kind: keyof Catalog): Record<string, [string, string | undefined]> {
  const printed = [...asPrinted[kind]].filter((entry) => !ofLocations(entry))
  return Object.fromEntries(
    printed.flatMap(([name, definition]) => {
      const found = ours[kind].get(name)
      return found === definition ? [] : [[name, [definition, found] as [string, string | undefined]]]
    }),
  )
}

describe('the seed', () => {
  it('prints sixteen tables, which are read whole', () => {
    expect(Object.values(seed).map(getTableName).toSorted()).toEqual([
      'accounts',
      'apikey',
      'audit_events',
      'egg_variables',
      'eggs',
      'nests',
      'server_allocations',
      'server_backups',
      'server_limits',
      'server_schedules',
      'servers',
      'session_metadata',
      'sessions',
      'two_factor',
      'users',
      'wings_nodes',
    ])
    expect([...asPrinted.columns].filter((entry) => !ofLocations(entry))).toHaveLength(241)
    expect([...asPrinted.indexes].filter((entry) => !ofLocations(entry))).toHaveLength(48)
    expect(asPrinted.foreignKeys.size).toBe(18)
  })

  it('is kept to the letter, but for the list', () => {
    expect({ ...changesIn('columns'), ...changesIn('indexes'), ...changesIn('foreignKeys') }).toEqual(CHANGES)
  })

  it('is kept in the names that code uses', () => {
    for (const [name, table] of Object.entries(seed)) {
      const known = Object.entries(getTableColumns(tables[name as keyof typeof tables])).map(
        ([key, { name: column }]) => [key, column],
      )
      const printed = Object.entries(getTableColumns(table)).map(([key, { name: column }]) => [key, column])
      expect(known, name).toEqual(expect.arrayContaining(printed))
    }
  })

  it('is kept in the names of rows', () => {
    expectTypeOf<UserRow>().toEqualTypeOf<typeof tables.users.$inferSelect>()
    expectTypeOf<ServerRow>().toEqualTypeOf<typeof tables.servers.$inferSelect>()
    expectTypeOf<WingsNodeRow>().toEqualTypeOf<typeof tables.wingsNodes.$inferSelect>()
  })
})
