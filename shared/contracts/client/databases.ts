import { z } from 'zod'
import { DATABASE_ENGINES, REMOTE_MAX, databaseName, databasePassword } from '../database-fields'
import { endpoint } from '../endpoint'
import { item, list, nothing, type Plain } from '../envelope'
import { wholeNumber } from '../fields'
import { includeShape } from '../query'

export const DATABASE_NAME_MIN = 3

export const database = item(
  'server_database',
  z.object({
    id: z.string(), // a hash of the number
    host: z.object({ address: z.string(), port: z.int() }), // what programs are told to connect to
    name: z.string(),
    username: z.string(),
    connections_from: z.string(),
    max_connections: z.int().nullable(), // null and 0: as many as the host takes
    relationships: z.object({ password: z.union([nothing, databasePassword]) }).optional(),
  }),
).extend({
  // Ours.
  meta: z.object({
    engine: z.enum(DATABASE_ENGINES),
    host_name: z.string(),
    is_ready: z.boolean(), // false: not on the host yet, or half gone from it
    needs_rotation: z.boolean(), // its password is known to nobody here
  }),
})
export type ServerDatabase = Plain<z.output<typeof database>>

export const createDatabaseBody = z.object({
  database: databaseName({ min: DATABASE_NAME_MIN }),
  /** Where connections may come from; `%` for anywhere. Without effect on PostgreSQL. */
  remote: z
    .string()
    .max(REMOTE_MAX)
    .regex(/^[\w\-/.%:]+$/),
  /** One of those that `hosts` offers; left out, the panel chooses. */
  host: wholeNumber({ min: 1 }).nullish(),
})
export type CreateDatabaseBody = z.input<typeof createDatabaseBody>

/** Ours: where a new database may go. */
export const offeredHost = item(
  'database_host_choice',
  z.object({
    id: z.int(),
    name: z.string(),
    engine: z.enum(DATABASE_ENGINES),
    address: z.string(),
    port: z.int(),
    has_room: z.boolean(),
  }),
)
export type OfferedHost = Plain<z.output<typeof offeredHost>>

/** Ours. */
export const databaseSize = item(
  'database_size',
  z.object({
    id: z.string(),
    bytes: z.int().nullable(), // null: the host did not say
  }),
)

export const databases = {
  list: endpoint('GET /api/client/servers/:server/databases', {
    query: z.object({ include: includeShape() }), // `password`, `null_resource` without the right to see it
    reply: list(database).extend({
      // Ours: what the page says about room.
      meta: z.object({
        database_count: z.int(),
        database_limit: z.int().nullable(), // null: any number
        can_create: z.boolean(), // false: switched off in this panel
      }),
    }),
  }),
  create: endpoint('POST /api/client/servers/:server/databases', { body: createDatabaseBody, reply: database }),
  rotatePassword: endpoint('POST /api/client/servers/:server/databases/:database/rotate-password', {
    reply: database,
  }),
  remove: endpoint('DELETE /api/client/servers/:server/databases/:database', {}),
  hosts: endpoint('GET /api/client/servers/:server/databases/hosts', { reply: list(offeredHost) }),
  /** Asks each host once, for a moment. */
  sizes: endpoint('GET /api/client/servers/:server/databases/sizes', { reply: list(databaseSize) }),
}
