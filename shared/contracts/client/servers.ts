import { z } from 'zod'
import { SERVER_STATUSES, featureLimits } from '../application/servers'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { subuser } from './subusers'
import { filterShape, includeShape, pageShape } from '../query'

export const serverAllocation = item(
  'allocation',
  z.object({
    id: z.int(),
    ip: z.string(),
    ip_alias: z.string().nullable(),
    port: z.int(),
    notes: z.string().nullable(),
    is_default: z.boolean(),
  }),
)

export const startupVariable = item(
  'egg_variable',
  z.object({
    name: z.string(),
    description: z.string(),
    env_variable: z.string(),
    default_value: z.string(),
    server_value: z.string().nullable(),
    is_editable: z.boolean(),
    rules: z.string(),
  }),
)

/** `icon` is ours: one of the lucide marks that an egg may choose. */
const clientEgg = item('egg', z.object({ uuid: z.string(), name: z.string(), icon: z.string().nullable() }))

const attributes = z.object({
  server_owner: z.boolean(),
  identifier: z.string(),
  internal_id: z.int(),
  uuid: z.string(),
  name: z.string(),
  node: z.string(),
  is_node_under_maintenance: z.boolean(),
  sftp_details: z.object({ ip: z.string(), port: z.int(), alias: z.string().nullable() }),
  description: z.string(),
  limits: z.object({
    memory: z.int(),
    swap: z.int(),
    disk: z.int(),
    io: z.int(),
    cpu: z.int(),
    threads: z.string().nullable(),
    oom_disabled: z.boolean(),
    oom_killer: z.boolean(),
  }),
  /** The command with its variables filled in; what the reader may not see is `[hidden]`. */
  invocation: z.string(),
  docker_image: z.string(),
  egg_features: z.array(z.string()).nullable(),
  feature_limits: featureLimits,
  status: z.enum(SERVER_STATUSES).nullable(),
  is_suspended: z.boolean(),
  is_installing: z.boolean(),
  is_transferring: z.boolean(),
  relationships: z.object({
    allocations: list(serverAllocation),
    variables: z.union([nothing, list(startupVariable)]),
    egg: z.union([nothing, clientEgg]).optional(),
    subusers: z.union([nothing, list(subuser)]).optional(),
  }),
})

export const server = item('server', attributes)
export type ServerOfList = Plain<z.output<typeof server>>

export const serverDetail = server.extend({
  meta: z.object({
    is_server_owner: z.boolean(),
    user_permissions: z.array(z.string()),
    // Ours: what a page needs beyond the API's own attributes.
    egg: z.object({ uuid: z.string(), name: z.string(), icon: z.string().nullable() }),
    owner: z.object({ username: z.string() }),
    /** Running and successful ones; null for who may not see backups. */
    backup_count: z.int().nullable(),
    status_changed_at: z.string().nullable(),
    configuration_changed_at: z.string().nullable(),
    node: z.object({
      name: z.string(),
      unreachable_since: z.string().nullable(),
      flavour: z.enum(['pterodactyl', 'pelican']).nullable(),
    }),
  }),
})
export type ServerDetail = Plain<z.output<typeof serverDetail>>

export const systemPermissions = item(
  'system_permissions',
  z.object({
    permissions: z.record(z.string(), z.object({ description: z.string(), keys: z.record(z.string(), z.string()) })),
  }),
)

export const renameBody = z.object({
  name: z.string().min(1).max(191),
  description: z.string().nullish(), // left out: kept; null: cleared
})
export const describeBody = z.object({ description: z.string().nullish() })
export const dockerImageBody = z.object({ docker_image: z.string().min(1).max(191) })

export const servers = {
  list: endpoint('GET /api/client', {
    query: z.object({
      ...pageShape({ usual: 50, most: 100 }),
      include: includeShape(),
      filter: filterShape(),
      type: z
        .unknown()
        .transform((given) =>
          given === 'owner' || given === 'shared' || given === 'admin' || given === 'admin-all' ? given : undefined,
        )
        .optional()
        .meta({ type: 'string', enum: ['owner', 'shared', 'admin', 'admin-all'] }),
    }),
    reply: page(server),
  }),
  permissions: endpoint('GET /api/client/permissions', { reply: systemPermissions }),
  get: endpoint('GET /api/client/servers/:server', {
    query: z.object({ include: includeShape() }),
    reply: serverDetail,
  }),
  rename: endpoint('POST /api/client/servers/:server/settings/rename', { body: renameBody }),
  /** As Pelican has it: the description alone. */
  describe: endpoint('POST /api/client/servers/:server/settings/description', { body: describeBody }),
  reinstall: endpoint('POST /api/client/servers/:server/settings/reinstall', {
    reply: z.array(z.never()),
    status: 202,
  }),
  dockerImage: endpoint('PUT /api/client/servers/:server/settings/docker-image', { body: dockerImageBody }),
}
