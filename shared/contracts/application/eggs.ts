import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, nothing, type Plain } from '../envelope'
import { flag, looseArray, rowNumber, stamp, wholeNumber } from '../fields'
import { includeShape } from '../query'
import { failures } from './failures'

/** Marks that an egg without a picture may have, all of lucide. */
export const EGG_ICONS = [
  'pickaxe',
  'axe',
  'hammer',
  'sword',
  'swords',
  'shield',
  'leaf',
  'trees',
  'mountain',
  'globe',
  'rocket',
  'car',
  'ship',
  'crosshair',
  'gamepad-2',
  'dices',
  'skull',
  'ghost',
  'bot',
  'music',
  'mic',
  'code',
  'box',
  'flame',
] as const

const anyItem = z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })
const one = z.union([nothing, anyItem]).optional()
const many = z.union([nothing, list(anyItem)]).optional()
/** These two includes never had a name. */
const nameless = z
  .union([nothing, z.object({ object: z.null(), attributes: z.record(z.string(), z.unknown()) })])
  .optional()

const jsonObject = z.union([z.record(z.string(), z.json()), z.array(z.json())])

const eggShape = {
  id: z.int(),
  uuid: z.string(),
  name: z.string(),
  nest: z.int(),
  author: z.string(),
  description: z.string().nullable(),
  /** The first one; billing modules read it. */
  docker_image: z.string(),
  docker_images: z.record(z.string(), z.string()), // label → image
  /** Its own, parsed; null is inherited. An empty `files` is an object, an empty `startup` or `logs` a list. */
  config: z.object({
    files: jsonObject.nullable(),
    startup: jsonObject.nullable(),
    stop: z.string().nullable(),
    logs: jsonObject.nullable(),
    file_denylist: z.array(z.string()).nullable(),
    extends: z.int().nullable(),
  }),
  startup: z.string(),
  script: z.object({
    privileged: z.boolean(),
    install: z.string().nullable(),
    entry: z.string().nullable(),
    container: z.string().nullable(),
    extends: z.int().nullable(),
  }),
  created_at: stamp(),
  updated_at: stamp(),
}

const relationships = z
  .object({ nest: one, servers: many, config: nameless, script: nameless, variables: many })
  .optional()

export const egg = item('egg', z.object({ ...eggShape, relationships }))
export type Egg = Plain<z.output<typeof egg>>

/** What the API that is known elsewhere says of an egg, and what a form needs beyond it. */
export const eggInFull = item(
  'egg',
  z.object({
    ...eggShape,
    nest_name: z.string(),
    icon: z.string().nullable(),
    tags: z.array(z.string()),
    features: z.array(z.string()).nullable(),
    startup_commands: z.record(z.string(), z.string()), // name → command
    /** The same as maps in their order, which a label such as `17` loses in an object. */
    images: z.array(z.object({ label: z.string(), image: z.string() })),
    commands: z.array(z.object({ name: z.string(), command: z.string() })),
    /** The texts themselves, line ends and all. */
    config_texts: z.object({
      files: z.string().nullable(),
      startup: z.string().nullable(),
      logs: z.string().nullable(),
    }),
    update_url: z.string().nullable(),
    force_outgoing_ip: z.boolean(),
    /** Its author has published another version since it was imported. */
    update_available: z.boolean(),
    update_checked_at: stamp().nullable(),
    /** The format it came in; null: made here. */
    source_format: z.string().nullable(),
    servers_count: z.int(),
    relationships,
  }),
)
export type EggInFull = Plain<z.output<typeof eggInFull>>

export const eggVariable = item(
  'egg_variable',
  z.object({
    id: z.int(),
    egg_id: z.int(),
    name: z.string(),
    description: z.string(),
    env_variable: z.string(),
    default_value: z.string(),
    user_viewable: z.boolean(),
    user_editable: z.boolean(),
    rules: z.string(), // Laravel's rules, joined by `|`
    created_at: z.string(), // `2026-01-01T00:00:00.000000Z`, as raw rows are printed
    updated_at: z.string(),
    sort: z.int().nullable(), // Pelican's: its place, where it has one
  }),
)
export type EggVariable = Plain<z.output<typeof eggVariable>>

/** A map in an object, or in a list where its order has to hold whatever its names are. */
const orderedMap = <Name extends string, Value extends string>(name: Name, value: Value) =>
  z
    .union([
      z.record(z.string(), z.string()),
      z.array(z.object({ [name]: z.string(), [value]: z.string() } as { [Key in Name | Value]: z.ZodString })),
    ])
    .transform((given) =>
      Array.isArray(given)
        ? given.map(
            (entry) =>
              [(entry as Record<string, string>)[name] ?? '', (entry as Record<string, string>)[value] ?? ''] as [
                string,
                string,
              ],
          )
        : Object.entries(given),
    )

/** JSON as text, kept letter by letter, or as a value. */
const configText = z
  .union([z.string(), z.record(z.string(), z.json()), z.array(z.json())])
  .transform((given) => (typeof given === 'string' ? given : JSON.stringify(given, null, 4)))

const name = z.string().min(1).max(191)
const eggFields = {
  author: z.string().min(1).max(191),
  description: z.string().max(65_535).nullable(),
  icon: z.enum(EGG_ICONS).nullable(),
  tags: looseArray(z.string().min(1).max(60)),
  features: looseArray(z.string().min(1).max(60)).nullable(),
  file_denylist: looseArray(z.string()).nullable(),
  update_url: z.url().max(2000).nullable(),
  force_outgoing_ip: flag(),
  startup_commands: orderedMap('name', 'command').nullable(), // the first is `startup`; null: only that one
  config: z
    .object({
      files: configText.nullable(),
      startup: configText.nullable(),
      logs: configText.nullable(),
      stop: z.string().max(191).nullable(),
      extends: wholeNumber({ min: 1 }).nullable(), // the egg of the same nest whose fields stand in for null ones
    })
    .partial(),
  script: z
    .object({
      install: z.string().nullable(),
      entry: z.string().max(191).nullable(),
      container: z.string().max(191).nullable(),
      privileged: flag(),
      extends: wholeNumber({ min: 1 }).nullable(), // the egg of the same nest whose script is used
    })
    .partial(),
}

const dockerImages = orderedMap('label', 'image')

export const createEggBody = z.object({
  ...z.object(eggFields).partial().shape,
  name,
  docker_images: dockerImages,
  startup: z.string().min(1).max(65_535),
})
export type CreateEggBody = z.output<typeof createEggBody>

/** What is left out stays. */
export const updateEggBody = z
  .object({
    ...eggFields,
    name,
    nest: wholeNumber({ min: 1 }),
    docker_images: dockerImages,
    startup: z.string().min(1).max(65_535),
  })
  .partial()
export type UpdateEggBody = z.output<typeof updateEggBody>

const variableFields = {
  name,
  description: z.string().max(65_535).nullish(),
  env_variable: z.string().regex(/^\w{1,191}$/),
  default_value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  user_viewable: flag(),
  user_editable: flag(),
  rules: z.union([z.string().max(65_535), z.array(z.string())]).nullish(),
}

export const createEggVariableBody = z.object({
  ...variableFields,
  user_viewable: flag().default(false),
  user_editable: flag().default(false),
})
export type CreateEggVariableBody = z.output<typeof createEggVariableBody>
export const updateEggVariableBody = z.object(variableFields).partial()
export type UpdateEggVariableBody = z.output<typeof updateEggVariableBody>

/** All variables of the egg, each once, in the order in which they are shown. */
export const orderVariablesBody = z.object({ order: z.array(wholeNumber({ min: 1 })).max(1000) })

const change = z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() })

/** What an import would do. */
export const eggImport = item(
  'egg_import',
  z.object({
    format: z.string(),
    name: z.string(),
    /** The egg that would be overwritten; null: a new one. */
    egg: z.int().nullable(),
    nest: z.int().nullable(),
    servers_count: z.int(),
    changes: z.array(change),
    variables: z.array(
      z.object({
        env_variable: z.string(),
        name: z.string(),
        kind: z.enum(['added', 'removed', 'changed']),
        changes: z.array(change),
      }),
    ),
    changes_script: z.boolean(),
    /** Of what was read. Sent back with the import, nothing else is taken in. */
    hash: z.string(),
    /** Of the egg as it would be overwritten. Sent back, one that was changed meanwhile is not. */
    egg_hash: z.string().nullable(),
  }),
)
export type EggImport = Plain<z.output<typeof eggImport>>

/** `yaml` and `json`: as the egg came, where it came as such, else Pelican's newest. `ptdl` and `plcn` are that format, in JSON. Left out: as it came. */
export const EXPORT_FORMATS = ['yaml', 'json', 'ptdl', 'plcn'] as const

const importTarget = {
  nest: wholeNumber({ min: 1 }).nullish(), // of a new egg; left out: the nest "Imported"
  egg: wholeNumber({ min: 1 }).nullish(), // to overwrite; left out: the one with the file's uuid, if there is one
}
const hash = z.string().length(64)
const importQuery = z.object(importTarget)
/** Of the egg whose differences were shown. */
const shown = { egg_hash: hash.nullish() }
const addressBody = z.object({ url: z.url({ protocol: /^https?$/ }).max(2000), ...importTarget })

/** How looking for a newer version of one egg ended. */
export const eggUpdate = item(
  'egg_update',
  z.object({
    egg: z.int(),
    name: z.string(),
    is_ready: z.boolean(),
    /** In the form of any refused request; null: its author could be asked. */
    errors: failures.nullable(),
  }),
)

const withResource = <Shape extends z.ZodRawShape>(of: z.ZodObject<Shape>) =>
  of.extend({ meta: z.object({ resource: z.url() }) })
const nestParams = z.object({ nest: rowNumber() })
const nestedParams = z.object({ nest: rowNumber(), egg: rowNumber() })
const variableParams = z.object({ nest: rowNumber(), egg: rowNumber(), variable: rowNumber() })
const params = z.object({ egg: rowNumber() })
const query = z.object({ include: includeShape() })

export const eggs = {
  listOfNest: endpoint('GET /api/application/nests/:nest/eggs', { params: nestParams, query, reply: list(egg) }),
  getOfNest: endpoint('GET /api/application/nests/:nest/eggs/:egg', { params: nestedParams, query, reply: egg }),

  // As Pelican has them, where there are no nests.
  list: endpoint('GET /api/application/eggs', { query, reply: list(eggInFull) }),
  get: endpoint('GET /api/application/eggs/:egg', { params, query, reply: eggInFull }),
  remove: endpoint('DELETE /api/application/eggs/:egg', { params }),
  removeByUuid: endpoint('DELETE /api/application/eggs/uuid/:uuid', { params: z.object({ uuid: z.uuid() }) }),
  /** Answers the file. */
  export: endpoint('GET /api/application/eggs/:egg/export', {
    params,
    query: z.object({ format: z.enum(EXPORT_FORMATS).nullish() }),
  }),
  /** The body is the file, byte for byte, whatever its label says. */
  import: endpoint('POST /api/application/eggs/import', {
    query: importQuery.extend(shown),
    reply: withResource(eggInFull),
    status: 201,
  }),

  // Ours: the API that is known elsewhere only reads them.
  previewImport: endpoint('POST /api/application/eggs/import/preview', { query: importQuery, reply: eggImport }),
  previewAddress: endpoint('POST /api/application/eggs/import/address/preview', {
    body: addressBody,
    reply: eggImport,
  }),
  importAddress: endpoint('POST /api/application/eggs/import/address', {
    body: addressBody.extend({ hash: hash.nullish(), ...shown }),
    reply: withResource(eggInFull),
    status: 201,
  }),
  /** Asks for every egg that says where newer versions of it are published. */
  checkUpdates: endpoint('POST /api/application/eggs/updates', { reply: list(eggUpdate) }),
  previewUpdate: endpoint('POST /api/application/eggs/:egg/update/preview', { params, reply: eggImport }),
  applyUpdate: endpoint('POST /api/application/eggs/:egg/update', {
    params,
    body: z.object({ hash, ...shown }),
    reply: eggInFull,
  }),
  copy: endpoint('POST /api/application/eggs/:egg/copy', {
    params,
    body: z.object({ name }),
    reply: withResource(eggInFull),
    status: 201,
  }),
  create: endpoint('POST /api/application/nests/:nest/eggs', {
    params: nestParams,
    query,
    body: createEggBody,
    reply: withResource(eggInFull),
    status: 201,
  }),
  update: endpoint('PATCH /api/application/nests/:nest/eggs/:egg', {
    params: nestedParams,
    query,
    body: updateEggBody,
    reply: eggInFull,
  }),
  removeOfNest: endpoint('DELETE /api/application/nests/:nest/eggs/:egg', { params: nestedParams }),
}

export const eggVariables = {
  list: endpoint('GET /api/application/nests/:nest/eggs/:egg/variables', {
    params: nestedParams,
    reply: list(eggVariable),
  }),
  create: endpoint('POST /api/application/nests/:nest/eggs/:egg/variables', {
    params: nestedParams,
    body: createEggVariableBody,
    reply: eggVariable,
    status: 201,
  }),
  order: endpoint('PATCH /api/application/nests/:nest/eggs/:egg/variables', {
    params: nestedParams,
    body: orderVariablesBody,
    reply: list(eggVariable),
  }),
  update: endpoint('PATCH /api/application/nests/:nest/eggs/:egg/variables/:variable', {
    params: variableParams,
    body: updateEggVariableBody,
    reply: eggVariable,
  }),
  remove: endpoint('DELETE /api/application/nests/:nest/eggs/:egg/variables/:variable', { params: variableParams }),
}
