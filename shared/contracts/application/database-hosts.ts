import { z } from 'zod'
import { DATABASE_ENGINES } from '../database-fields'
import { endpoint } from '../endpoint'
import { item, page, type Plain } from '../envelope'
import { looseArray, rowNumber, stamp, wholeNumber } from '../fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'
import { databaseAttributes, includedHost } from './server-databases'

/** `off` speaks in clear, `prefer` encrypts where the host can, `require` always, `verify` also asks for a certificate that is known. */
export const TLS_MODES = ['off', 'prefer', 'require', 'verify'] as const
export type TlsMode = (typeof TLS_MODES)[number]

/** A server that databases of servers are made on. Its password is never sent. */
export const databaseHost = item(
  'database_host',
  includedHost.shape.attributes.extend({
    // Pelican's, and ours.
    max_databases: z.int().nullable(), // null: any number
    public_host: z.string().nullable(), // what users are told, where it is not `host`
    public_port: z.int().nullable(),
    engine: z.enum(DATABASE_ENGINES),
    tls_mode: z.enum(TLS_MODES),
    nodes: z.array(z.object({ id: z.int(), name: z.string() })), // none: whoever has no host of its own
    databases_count: z.int(),
    checked_at: stamp().nullable(),
    failure: z.string().nullable(), // of the last check, in the host's own words
  }),
)
export type DatabaseHost = Plain<z.output<typeof databaseHost>>

/** What came of a try. */
export const databaseHostCheck = item(
  'database_host_check',
  z.object({
    ok: z.boolean(),
    ms: z.int(),
    version: z.string().nullable(), // as the host calls itself
    is_encrypted: z.boolean().nullable(),
    error: z.string().nullable(), // in the host's own words
  }),
)
export type DatabaseHostCheck = Plain<z.output<typeof databaseHostCheck>>

/** A database as the page of its host lists it. */
export const databaseOfHost = item('server_database', z.object(databaseAttributes)).extend({
  meta: z.object({
    is_ready: z.boolean(),
    server_name: z.string(),
    server_identifier: z.string(),
  }),
})
export type DatabaseOfHost = Plain<z.output<typeof databaseOfHost>>

const address = z
  .string()
  .max(255)
  .regex(/^[\w.:-]+$/)
const port = wholeNumber({ min: 1, max: 65_535 })

const fields = {
  name: z.string().min(1).max(191),
  host: address,
  port,
  username: z.string().min(1).max(191),
  password: z.string().max(255).nullish(),
  node_ids: looseArray(wholeNumber({ min: 1 })),
  max_databases: wholeNumber({ min: 0, max: 2_147_483_647 }).nullish(),
  public_host: address.nullish(),
  public_port: port.nullish(),
  tls_mode: z.enum(TLS_MODES),
}

/** Saved only if the host lets this account in and lets it do what databases need. */
export const createDatabaseHostBody = z.object({
  ...fields,
  engine: z.enum(DATABASE_ENGINES).default('mysql'),
  node_ids: fields.node_ids.default([]),
  tls_mode: fields.tls_mode.default('prefer'),
})
export type CreateDatabaseHostBody = z.output<typeof createDatabaseHostBody>

/** What is left out stays, and so does a password that is empty. What speaks there does not change. */
export const updateDatabaseHostBody = z.object(fields).partial()
export type UpdateDatabaseHostBody = z.output<typeof updateDatabaseHostBody>

const withResource = databaseHost.extend({ meta: z.object({ resource: z.url() }) })
const params = z.object({ databaseHost: rowNumber() })
const include = includeShape()

export const databaseHosts = {
  list: endpoint('GET /api/application/database-hosts', {
    query: z.object({ ...pageShape({ usual: 10 }), include, filter: filterShape(), sort: sortShape() }),
    reply: page(databaseHost),
  }),
  get: endpoint('GET /api/application/database-hosts/:databaseHost', {
    params,
    query: z.object({ include }),
    reply: databaseHost,
  }),
  create: endpoint('POST /api/application/database-hosts', {
    body: createDatabaseHostBody,
    reply: withResource,
    status: 201,
  }),
  update: endpoint('PATCH /api/application/database-hosts/:databaseHost', {
    params,
    body: updateDatabaseHostBody,
    reply: databaseHost,
  }),
  /** Refused while databases are on it. */
  remove: endpoint('DELETE /api/application/database-hosts/:databaseHost', { params }),
  /** Signs in to the host as it is stored, and asks what it lets the panel do. */
  test: endpoint('POST /api/application/database-hosts/:databaseHost/test', { params, reply: databaseHostCheck }),
  databases: endpoint('GET /api/application/database-hosts/:databaseHost/databases', {
    params,
    query: z.object({ ...pageShape({ usual: 50 }), filter: filterShape() }),
    reply: page(databaseOfHost),
  }),
}
