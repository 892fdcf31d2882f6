import { z } from 'zod'
import { activityLog, activityQuery } from '../client/activity'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { flag, looseArray, roundedNumber, rowNumber, stamp, wholeNumber } from '../fields'
import { isHost } from '#shared/utils/is-host'
import { filterShape, includeShape, pageShape, sortShape } from '../query'
import { nodeMetrics, nodeMetricsQuery } from './node-metrics'

const anyItem = z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })

/** How a node looks from here. `browsers_blocked`: the panel reaches it, a browser said that it does not. */
export const nodeState = z.enum(['reachable', 'browsers_blocked', 'no_contact', 'maintenance', 'never_seen'])
export type NodeState = z.output<typeof nodeState>

export const node = item(
  'node',
  z.object({
    id: z.int(),
    uuid: z.string(),
    public: z.boolean(),
    name: z.string(),
    description: z.string().nullable(),
    location_id: z.int(),
    fqdn: z.string(),
    scheme: z.string(),
    behind_proxy: z.boolean(),
    maintenance_mode: z.boolean(),
    memory: z.int(),
    memory_overallocate: z.int(),
    disk: z.int(),
    disk_overallocate: z.int(),
    upload_size: z.int(),
    daemon_listen: z.int(),
    daemon_sftp: z.int(),
    daemon_base: z.string(),
    created_at: stamp(),
    updated_at: stamp(),
    // What Pelican adds.
    tags: z.array(z.string()),
    cpu: z.int(),
    cpu_overallocate: z.int(),
    daemon_connect: z.int(),
    daemon_sftp_alias: z.string().nullable(),
    allocated_resources: z.object({ memory: z.int(), disk: z.int(), cpu: z.int() }),
    // Ours.
    state: nodeState,
    flavour: z.enum(['pterodactyl', 'pelican']).nullable(),
    version: z.string().nullable(),
    last_seen_at: stamp().nullable(),
    unreachable_since: stamp().nullable(),
    fixed_version: z.string().nullable(), // the daemon's own is older, and has a published hole
    configuration_pending_since: stamp().nullable(), // saved here, and not yet told to the daemon
    rotated_at: stamp().nullable(), // a new pair was given out, and the daemon has not used it yet
    servers_count: z.int(),
    allow_insecure: z.boolean(),
    browser_route: z.enum(['auto', 'direct', 'panel']),
    base_url: z.string(), // where the panel itself reaches it
    relationships: z
      .object({
        allocations: z.union([nothing, list(anyItem)]).optional(),
        location: z.union([nothing, anyItem]).optional(),
        servers: z.union([nothing, list(anyItem)]).optional(),
      })
      .optional(),
  }),
)
export type Node = Plain<z.output<typeof node>>

export const NODE_NAME = /^[\w .-]{1,100}$/

const host = () => z.string().min(1).max(253).check(z.stringFormat('host', isHost))
const port = () => wholeNumber({ min: 1, max: 65_535 })

/** PATCH takes the same, and `reset_secret`. Left out on PATCH keeps `daemon_base` (decision 15). */
export const nodeBody = z.object({
  name: z.string().regex(NODE_NAME),
  description: z.string().max(1000).nullish(),
  location_id: wholeNumber({ min: 1 }),
  fqdn: host(),
  scheme: z.enum(['http', 'https']),
  memory: roundedNumber({ min: 1, max: 2_147_483_647 }), // MiB
  memory_overallocate: roundedNumber({ min: -1, max: 100_000 }),
  disk: roundedNumber({ min: 1, max: 2_147_483_647 }),
  disk_overallocate: roundedNumber({ min: -1, max: 100_000 }),
  cpu: roundedNumber({ min: 0, max: 1_000_000 }).optional(),
  cpu_overallocate: roundedNumber({ min: -1, max: 100_000 }).optional(),
  daemon_sftp: port(),
  daemon_listen: port(),
  daemon_connect: port().nullish(), // where the world reaches it, behind a proxy
  daemon_sftp_alias: host().nullish(),
  daemon_base: z
    .string()
    .regex(/^\/[\w.\-/]+$/)
    .nullish(),
  public: flag().nullish(),
  behind_proxy: flag().nullish(),
  maintenance_mode: flag().nullish(),
  allow_insecure: flag().nullish(),
  browser_route: z.enum(['auto', 'direct', 'panel']).nullish(),
  base_url: z.url({ protocol: /^https?$/ }).nullish(), // where the panel itself reaches it, if not where browsers do
  tags: looseArray(z.string().max(40)).nullish(),
  upload_size: wholeNumber({ min: 1, max: 1024 }).nullish(),
})
export type NodeBody = z.output<typeof nodeBody>

export const updateNodeBody = nodeBody.extend({
  reset_secret: z.unknown().optional(), // only JSON `true` rotates; some clients send "" or "on" with every PATCH
})

/** A bare object: `wings configure` and the daemon's own file consume it. */
export const nodeConfiguration = z.object({
  debug: z.boolean(),
  uuid: z.string(),
  token_id: z.string(),
  token: z.string(),
  api: z.object({
    host: z.string(),
    port: z.int(),
    ssl: z.object({ enabled: z.boolean(), cert: z.string(), key: z.string() }),
    upload_limit: z.int(),
  }),
  system: z.object({ data: z.string(), sftp: z.object({ bind_port: z.int() }) }),
  docker: z.object({ container_pid_limit: z.int() }),
  allowed_mounts: z.array(z.string()),
  remote: z.string(),
})

/** Ours: a key that opens one node's configuration, once, for an hour; with the command for either flavour. */
export const deployKey = z.object({
  token: z.string(),
  expires_at: stamp(),
  commands: z.object({ pterodactyl: z.string(), pelican: z.string() }),
})

/**
 * The panel goes from `name` to `clock`; a browser, which sees neither names nor certificates nor tokens, goes `secure`,
 * `port`, `origin`, `socket`.
 */
export const CHECK_STEPS = ['name', 'port', 'tls', 'answer', 'token', 'clock', 'secure', 'origin', 'socket'] as const

/** One step of the connection check, in the order in which they depend on each other. */
export const checkStep = z.object({
  step: z.enum(CHECK_STEPS),
  ok: z.boolean().nullable(), // null: not reached, since an earlier step failed
  ms: z.int().nullable(),
  cause: z.string().nullable(), // a code: `failures.node.check.<cause>` says it
  detail: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
})
export type CheckStep = z.output<typeof checkStep>

export const nodeCheck = z.object({
  checked_at: stamp(),
  steps: z.array(checkStep),
  browser: z.object({ reported_at: stamp(), steps: z.array(checkStep) }).nullable(),
})
export type NodeCheck = z.output<typeof nodeCheck>

/** What a browser found when it tried to reach the node by itself. */
export const browserReport = z.object({ steps: z.array(checkStep).max(10) })

export const nodeSystem = z.object({
  version: z.string(),
  architecture: z.string().nullable(),
  kernel_version: z.string().nullable(),
  os: z.string().nullable(),
  cpu_threads: z.int().nullable(),
  memory_bytes: z.int().nullable(),
  docker_version: z.string().nullable(),
  seen_at: stamp().nullable(),
})

const withResource = node.extend({ meta: z.object({ resource: z.url() }) })
const params = z.object({ node: rowNumber() })
const query = z.object({ include: includeShape() })
const lists = { ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape(), sort: sortShape() }

/** Sums of what was promised, as text: so a database of MySQL has always told them. */
const deployableNode = item('node', node.shape.attributes.extend({ sum_memory: z.string(), sum_disk: z.string() }))

export const nodes = {
  list: endpoint('GET /api/application/nodes', { query: z.object(lists), reply: page(node) }),
  deployable: endpoint('GET /api/application/nodes/deployable', {
    query: z.object({
      memory: wholeNumber({ min: 0 }),
      disk: wholeNumber({ min: 0 }),
      cpu: wholeNumber({ min: 0 }).nullish(), // Pelican's, as the tags
      tags: looseArray(z.string()).nullish(),
      location_ids: looseArray(wholeNumber({ min: 1 })).nullish(),
      page: z.unknown().optional().meta({ type: 'integer', minimum: 1 }), // paged only when it is given
      per_page: z.unknown().optional().meta({ type: 'integer', minimum: 1 }),
      include: includeShape(),
    }),
    reply: z.union([page(deployableNode), list(deployableNode)]),
  }),
  get: endpoint('GET /api/application/nodes/:node', { params, query, reply: node }),
  create: endpoint('POST /api/application/nodes', { query, body: nodeBody, reply: withResource, status: 201 }),
  update: endpoint('PATCH /api/application/nodes/:node', { params, query, body: updateNodeBody, reply: node }),
  remove: endpoint('DELETE /api/application/nodes/:node', { params, query: z.object({ force: flag().optional() }) }),
  configuration: endpoint('GET /api/application/nodes/:node/configuration', { params, reply: nodeConfiguration }),
  // Ours.
  createDeployKey: endpoint('POST /api/application/nodes/:node/deploy-key', { params, reply: deployKey }),
  rotateToken: endpoint('POST /api/application/nodes/:node/rotate-token', { params, reply: node }),
  /** Where a name leads, for who types it. */
  lookUpName: endpoint('GET /api/application/nodes/name', {
    query: z.object({ fqdn: z.string().min(1).max(253) }),
    reply: z.object({ addresses: z.array(z.string()), is_private: z.boolean() }),
  }),
  system: endpoint('GET /api/application/nodes/:node/system', { params, reply: nodeSystem }),
  diagnostics: endpoint('GET /api/application/nodes/:node/diagnostics', {
    params,
    query: z.object({ lines: wholeNumber({ min: 100, max: 500 }).default(200) }), // of its log
    reply: z.object({ text: z.string() }),
  }),
  metrics: endpoint('GET /api/application/nodes/:node/metrics', {
    params,
    query: nodeMetricsQuery,
    reply: nodeMetrics,
  }),
  activity: endpoint('GET /api/application/nodes/:node/activity', {
    params,
    query: activityQuery,
    reply: page(activityLog),
  }),
  lastCheck: endpoint('GET /api/application/nodes/:node/check', {
    params,
    reply: z.object({ check: nodeCheck.nullable() }),
  }),
  check: endpoint('POST /api/application/nodes/:node/check', { params, reply: nodeCheck }),
  reportBrowser: endpoint('POST /api/application/nodes/:node/check/browser', {
    params,
    body: browserReport,
    reply: nodeCheck,
  }),
}
