import { z } from 'zod'
import { DATABASE_ENGINES, databaseName, databasePassword } from '../database-fields'
import { endpoint } from '../endpoint'
import { item, list, nothing, type Plain } from '../envelope'
import { rowNumber, stamp, wholeNumber } from '../fields'
import { includeShape } from '../query'
import { briefDatabase, briefNode, manyOf } from './briefs'

export const databaseAttributes = {
  id: z.int(),
  server: z.int(),
  host: z.int(),
  database: z.string(),
  username: z.string(),
  remote: z.string(),
  max_connections: z.int().nullable(),
  created_at: stamp(),
  updated_at: stamp(),
}

/** A host as it is included in its databases: the attributes that the API always had. */
export const includedHost = item(
  'database_host',
  z.object({
    id: z.int(),
    name: z.string(),
    host: z.string(),
    port: z.int(),
    username: z.string(),
    node: z.int().nullable(), // the lowest of those that use it
    created_at: stamp(),
    updated_at: stamp(),
    relationships: z.object({ databases: manyOf(briefDatabase), nodes: manyOf(briefNode) }).optional(),
  }),
)

export const managedDatabase = item(
  'server_database',
  z.object({
    ...databaseAttributes,
    relationships: z
      .object({
        password: z.union([nothing, databasePassword]).optional(),
        host: z.union([nothing, includedHost]).optional(),
      })
      .optional(),
  }),
).extend({
  // Ours.
  meta: z.object({
    engine: z.enum(DATABASE_ENGINES),
    is_ready: z.boolean(), // false: not on the host yet, or half gone from it
    needs_rotation: z.boolean(),
    resource: z.url().optional(),
  }),
})
export type ManagedDatabase = Plain<z.output<typeof managedDatabase>>

export const createManagedDatabaseBody = z.object({
  database: databaseName({ min: 1 }),
  remote: z.string().regex(/^[0-9%.]{1,15}$/),
  host: wholeNumber({ min: 1 }),
  /** Ours; null and 0: as many as the host takes. */
  max_connections: wholeNumber({ min: 0, max: 100_000 }).nullish(),
})
export type CreateManagedDatabaseBody = z.input<typeof createManagedDatabaseBody>

const ofServer = z.object({ server: rowNumber() })
const ofDatabase = ofServer.extend({ database: rowNumber() })
const query = z.object({ include: includeShape() }) // `password`, `host`

export const serverDatabases = {
  list: endpoint('GET /api/application/servers/:server/databases', {
    params: ofServer,
    query,
    reply: list(managedDatabase),
  }),
  get: endpoint('GET /api/application/servers/:server/databases/:database', {
    params: ofDatabase,
    query,
    reply: managedDatabase,
  }),
  create: endpoint('POST /api/application/servers/:server/databases', {
    params: ofServer,
    query,
    body: createManagedDatabaseBody,
    reply: managedDatabase,
    status: 201,
  }),
  resetPassword: endpoint('POST /api/application/servers/:server/databases/:database/reset-password', {
    params: ofDatabase,
  }),
  remove: endpoint('DELETE /api/application/servers/:server/databases/:database', { params: ofDatabase }),
}
