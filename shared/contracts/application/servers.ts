import { z } from 'zod'
import { activityLog, activityQuery } from '../client/activity'
import { POWER_SIGNALS } from '../client/console'
import { endpoint } from '../endpoint'
import { item, list, page, type Plain } from '../envelope'
import { flag, looseArray, looseObject, looseRecord, roundedNumber, rowNumber, stamp, wholeNumber } from '../fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'
import {
  briefAllocation,
  briefDatabase,
  briefEgg,
  briefLocation,
  briefNest,
  briefNode,
  briefSubuser,
  briefUser,
  manyOf,
  oneOf,
  serverVariable,
} from './briefs'
import { failures } from './failures'

export const SERVER_STATUSES = [
  'installing',
  'install_failed',
  'reinstall_failed',
  'suspended',
  'restoring_backup',
] as const

const limits = z.object({
  memory: z.int(), // MiB, 0 for no limit
  swap: z.int(), // MiB, -1 for no limit
  disk: z.int(), // MiB, 0 for no limit
  io: z.int(),
  cpu: z.int(), // percent of a thread, 0 for no limit
  threads: z.string().nullable(),
  oom_disabled: z.boolean(),
  oom_killer: z.boolean(), // Pelican's word for the opposite
})

export const featureLimits = z.object({
  databases: z.int().nullable(),
  allocations: z.int().nullable(),
  backups: z.int(),
})

export const managedServer = item(
  'server',
  z.object({
    id: z.int(),
    external_id: z.string().nullable(),
    uuid: z.string(),
    identifier: z.string(),
    name: z.string(),
    description: z.string(),
    status: z.enum(SERVER_STATUSES).nullable(),
    suspended: z.boolean(),
    is_transferring: z.boolean(), // ours
    limits,
    feature_limits: featureLimits,
    user: z.int(),
    node: z.int(),
    allocation: z.int().nullable(),
    nest: z.int(),
    egg: z.int(),
    container: z.object({
      startup_command: z.string(),
      image: z.string(),
      installed: z.union([z.literal(0), z.literal(1)]),
      skip_scripts: z.boolean(),
      docker_labels: z.record(z.string(), z.string()), // ours
      environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
    }),
    updated_at: stamp(),
    created_at: stamp(),
    relationships: z
      .object({
        allocations: manyOf(briefAllocation),
        user: oneOf(briefUser),
        subusers: manyOf(briefSubuser),
        nest: oneOf(briefNest),
        egg: oneOf(briefEgg),
        variables: manyOf(serverVariable),
        location: oneOf(briefLocation),
        node: oneOf(briefNode),
        databases: manyOf(briefDatabase),
      })
      .optional(),
  }),
)
export type ManagedServer = Plain<z.output<typeof managedServer>>

const name = z.string().min(1).max(191)
const externalId = z.string().min(1).max(191).nullish()
const description = z.string().nullish()
const image = z
  .string()
  .max(191)
  .regex(/^~?[\w./\-:@ ]*$/)
const threads = z
  .string()
  .regex(/^[0-9,-]+$/)
  .nullish()
const id = () => wholeNumber({ min: 1 })
const environment = looseRecord(z.union([z.string(), z.number(), z.boolean(), z.null()]))

const INT4_MAX = 2_147_483_647
const mib = (min: number) => roundedNumber({ min, max: INT4_MAX })

const limitsBody = looseObject({
  memory: mib(0),
  swap: mib(-1),
  disk: mib(0),
  io: roundedNumber({ min: 10, max: 1000 }),
  cpu: mib(0),
  threads,
})

const featureLimitsBody = looseObject({
  databases: wholeNumber({ min: 0, max: INT4_MAX }).nullable(),
  backups: wholeNumber({ min: 0, max: INT4_MAX }).nullable(),
  allocations: wholeNumber({ min: 0, max: INT4_MAX }).nullish(),
})

/** Said together with what else is wrong. */
const requiredWithout = (other: string, field: string) => ({
  path: field.split('.'),
  error: `The ${field} field is required when ${other} is not present.`,
  params: { rule: 'required_without' },
  when: () => true,
})

const portRange = z.string().regex(/^\d{1,5}(-\d{1,5})?$/)

const deployment = looseObject({
  locations: looseArray(id()).nullish(),
  dedicated_ip: flag().nullish(),
  port_range: looseArray(portRange).nullish(),
  tags: looseArray(z.string()).nullish(), // Pelican's, in the place of locations
})

/** What places a server is named whole, be it empty: a misspelt wish would be none. */
function refuseIncomplete(deploy: z.output<typeof deployment>, context: z.RefinementCtx): void {
  if (Object.keys(deploy).length === 0) {
    const message = 'The deploy field is required.'
    context.addIssue({ code: 'custom', path: ['deploy'], message, params: { rule: 'required' } })
    return
  }
  const wanted = ['dedicated_ip', 'port_range', ...(deploy.tags ? [] : (['locations'] as const))] as const
  for (const name of wanted) {
    if (deploy[name] !== undefined) continue
    const message = `The deploy.${name} field must be present.`
    context.addIssue({ code: 'custom', path: ['deploy', name], message, params: { rule: 'present' } })
  }
}

const newServer = z
  .object({
    name,
    user: id(),
    egg: id(),
    docker_image: image,
    startup: z.string().min(1),
    environment,
    limits: limitsBody,
    feature_limits: featureLimitsBody,
    allocation: looseObject({ default: id().nullish(), additional: looseArray(id()).nullish() }).nullish(),
    deploy: deployment.nullish(),
    external_id: externalId,
    description,
    skip_scripts: flag().nullish(),
    oom_disabled: flag().nullish(),
    oom_killer: flag().nullish(), // Pelican's word for the opposite
    start_on_completion: flag().nullish(),
  })
  .superRefine(({ deploy }, context) => {
    if (deploy) refuseIncomplete(deploy, context)
  })
  .refine(({ deploy, allocation }) => deploy || allocation?.default, requiredWithout('deploy', 'allocation.default'))

/** Where `deploy` places a server, nobody looks at named ports. */
const withoutPorts = <Given extends { deploy?: unknown }>(given: Given): Given =>
  given?.deploy ? { ...given, allocation: undefined } : given

export const createServerBody = z.preprocess((given: z.input<typeof newServer>) => withoutPorts(given), newServer)
export type CreateServerBody = z.output<typeof createServerBody>

/** A full replacement: what is left out becomes null or empty. */
export const detailsBody = z.object({ name, user: id(), external_id: externalId, description })
export type DetailsBody = z.output<typeof detailsBody>

const flatLimits = {
  memory: mib(0).optional(),
  swap: mib(-1).optional(),
  io: roundedNumber({ min: 10, max: 1000 }).optional(),
  cpu: mib(0).optional(),
  disk: mib(0).optional(),
  threads,
}

type Limited = Partial<Record<'limits' | 'memory' | 'swap' | 'io' | 'cpu' | 'disk', unknown>>

export const buildBody = z
  .object({
    allocation: id(),
    limits: limitsBody.nullish(),
    ...flatLimits, // what old billing modules send instead of `limits`
    feature_limits: featureLimitsBody,
    oom_disabled: flag().nullish(),
    oom_killer: flag().nullish(),
    add_allocations: looseArray(id()).nullish(),
    remove_allocations: looseArray(id()).nullish(),
  })
  .check(
    ...(['memory', 'swap', 'io', 'cpu', 'disk'] as const).map((key) =>
      z.refine<Limited>((body) => body.limits || body[key] !== undefined, requiredWithout('limits', key)),
    ),
  )
export type BuildBody = z.output<typeof buildBody>

export const startupBody = z.object({
  startup: z.string().min(1),
  environment,
  egg: id(),
  image,
  skip_scripts: flag(),
  docker_labels: looseRecord(
    z
      .string()
      .max(1000)
      .nullable()
      .transform((value) => value ?? ''),
  )
    .refine((labels) => Object.keys(labels).every((name) => /^[a-zA-Z0-9][\w.\-/]{0,190}$/.test(name)), {
      error: 'The docker labels have names that Docker does not take.',
      params: { rule: 'label_names' },
    })
    .refine((labels) => Object.keys(labels).length <= 50, {
      error: 'The docker labels may not be more than 50.',
      params: { rule: 'max', max: 50 },
    })
    .nullish(), // ours; left out, they stay
})
export type StartupBody = z.output<typeof startupBody>

/** As many as are acted upon by one request. */
const MANY = 5000
const many = looseArray(id()).pipe(z.array(z.int()).min(1).max(MANY))
export const manyPowerBody = z.object({ servers: many, signal: z.enum(POWER_SIGNALS) })
export const manySuspensionBody = z.object({ servers: many, suspended: flag() })

/** How it ended for one of many. */
export const serverResult = item(
  'server_result',
  z.object({
    id: z.int(),
    /** In the form of any refused request; null: done. */
    errors: failures.nullable(),
  }),
)

/** Another egg for a server; what both have a variable for may keep its value. */
export const changeEggBody = z.object({ egg: id(), keep_variables: flag() })

const beforeAndAfter = z.object({ before: z.string(), after: z.string() })

/** Ours: what another egg would make of a server. */
export const eggChange = item(
  'egg_change',
  z.object({
    egg: z.int(),
    image: beforeAndAfter,
    startup: beforeAndAfter,
    variables: z.array(
      z.object({
        name: z.string(),
        env_variable: z.string(),
        before: z.string().nullable(), // null: the former egg has none of that name
        after: z.string().nullable(), // null: the new one has none
        is_valid: z.boolean(),
      }),
    ),
  }),
)
export type EggChange = Plain<z.output<typeof eggChange>>

const params = z.object({ server: rowNumber() })
const query = z.object({ include: includeShape() })
const lists = { ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape(), sort: sortShape() }

export const managedServers = {
  list: endpoint('GET /api/application/servers', { query: z.object(lists), reply: page(managedServer) }),
  get: endpoint('GET /api/application/servers/:server', { params, query, reply: managedServer }),
  getByExternalId: endpoint('GET /api/application/servers/external/:external', { query, reply: managedServer }),
  create: endpoint('POST /api/application/servers', {
    query,
    body: createServerBody,
    reply: managedServer,
    status: 201,
  }),
  details: endpoint('PATCH /api/application/servers/:server/details', {
    params,
    query,
    body: detailsBody,
    reply: managedServer,
  }),
  build: endpoint('PATCH /api/application/servers/:server/build', {
    params,
    query,
    body: buildBody,
    reply: managedServer,
  }),
  startup: endpoint('PATCH /api/application/servers/:server/startup', {
    params,
    query,
    body: startupBody,
    reply: managedServer,
  }),
  suspend: endpoint('POST /api/application/servers/:server/suspend', { params }),
  unsuspend: endpoint('POST /api/application/servers/:server/unsuspend', { params }),
  reinstall: endpoint('POST /api/application/servers/:server/reinstall', { params }),
  remove: endpoint('DELETE /api/application/servers/:server', { params }),
  removeForced: endpoint('DELETE /api/application/servers/:server/force', { params }),
  // Ours: marks a server that got stuck as installed, or as to be installed, without touching the node.
  toggleInstalled: endpoint('POST /api/application/servers/:server/installed', { params }),
  activity: endpoint('GET /api/application/servers/:server/activity', {
    params,
    query: activityQuery,
    reply: page(activityLog),
  }),
  previewEgg: endpoint('POST /api/application/servers/:server/egg/preview', {
    params,
    body: changeEggBody,
    reply: eggChange,
  }),
  changeEgg: endpoint('POST /api/application/servers/:server/egg', {
    params,
    query,
    body: changeEggBody,
    reply: managedServer,
  }),
  // Ours: many at once. Each is asked about by itself, and one that fails keeps none of the others from it.
  power: endpoint('POST /api/application/servers/power', { body: manyPowerBody, reply: list(serverResult) }),
  suspension: endpoint('POST /api/application/servers/suspension', {
    body: manySuspensionBody,
    reply: list(serverResult),
  }),
}
