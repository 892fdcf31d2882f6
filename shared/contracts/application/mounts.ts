import { z } from 'zod'
import { cleanPath, isAbsolutePath, isSourceKept, isTargetKept } from '../../utils/mount-paths'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { flag, looseArray, rowNumber, wholeNumber } from '../fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'

export const MOUNT_NAME_MIN = 2
export const MOUNT_NAME_MAX = 64
const PATH_MAX = 255

const linked = z.array(z.object({ id: z.int(), name: z.string() }))
const attributes = {
  id: z.int(),
  uuid: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  source: z.string(), // on the host
  target: z.string(), // in the container
  read_only: z.boolean(),
  user_mountable: z.boolean(),
}

export const MOUNT_LINKS = ['eggs', 'nodes', 'servers'] as const
export type MountLink = (typeof MOUNT_LINKS)[number]

const anyItem = z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })
const included = z.union([nothing, list(anyItem)])

/** Pelican's object; what is linked, and how many servers use it, is ours. */
export const mount = item(
  'mount',
  z.object({
    ...attributes,
    nodes: linked,
    eggs: linked,
    servers_count: z.int(),
    relationships: z.partialRecord(z.enum(MOUNT_LINKS), included).optional(),
  }),
)
export type Mount = Plain<z.output<typeof mount>>

/** A mount as one server has it. */
export const serverMount = item(
  'mount',
  z.object({
    ...attributes,
    is_attached: z.boolean(),
    is_offered: z.boolean(), // linked to the server's node and to its egg
  }),
)
export type ServerMount = Plain<z.output<typeof serverMount>>

const path = (isKept: (path: string) => boolean) =>
  z
    .string()
    .max(PATH_MAX)
    .refine(isAbsolutePath, { error: 'The path must be absolute.', params: { rule: 'absolute_path' } })
    .refine((text) => !isAbsolutePath(text) || !isKept(text), {
      error: 'This path cannot be mounted.',
      params: { rule: 'path_kept' },
    })
    .transform(cleanPath)

const fields = {
  name: z.string().min(MOUNT_NAME_MIN).max(MOUNT_NAME_MAX),
  description: z.string().max(191).nullish(),
  source: path((text) => isSourceKept(text)),
  target: path(isTargetKept),
  read_only: flag(),
  user_mountable: flag(),
  nodes: looseArray(wholeNumber({ min: 1 })),
  eggs: looseArray(wholeNumber({ min: 1 })),
}

export const createMountBody = z.object({
  ...fields,
  read_only: fields.read_only.default(false),
  user_mountable: fields.user_mountable.default(false),
  nodes: fields.nodes.default([]),
  eggs: fields.eggs.default([]),
})
export type CreateMountBody = z.output<typeof createMountBody>

/** What is left out stays. */
export const updateMountBody = z.object(fields).partial()
export type UpdateMountBody = z.output<typeof updateMountBody>

const withResource = mount.extend({ meta: z.object({ resource: z.url() }) })
const params = z.object({ mount: rowNumber() })
const ofServer = z.object({ server: rowNumber() })

export const mounts = {
  list: endpoint('GET /api/application/mounts', {
    query: z.object({ ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape(), sort: sortShape() }),
    reply: page(mount),
  }),
  get: endpoint('GET /api/application/mounts/:mount', {
    params,
    query: z.object({ include: includeShape() }),
    reply: mount,
  }),
  create: endpoint('POST /api/application/mounts', { body: createMountBody, reply: withResource, status: 201 }),
  update: endpoint('PATCH /api/application/mounts/:mount', { params, body: updateMountBody, reply: mount }),
  remove: endpoint('DELETE /api/application/mounts/:mount', { params }),
}

const ids = looseArray(wholeNumber({ min: 1 })).pipe(z.array(z.int()).min(1))

/** One kind of link after the other, in Pelican's manner. Said twice, adding and taking away change nothing. */
export const mountLinks = {
  eggs: endpoint('GET /api/application/mounts/:mount/eggs', { params, reply: list(anyItem) }),
  nodes: endpoint('GET /api/application/mounts/:mount/nodes', { params, reply: list(anyItem) }),
  servers: endpoint('GET /api/application/mounts/:mount/servers', { params, reply: list(anyItem) }),
  addEggs: endpoint('POST /api/application/mounts/:mount/eggs', {
    params,
    body: z.object({ eggs: ids }),
    reply: mount,
  }),
  addNodes: endpoint('POST /api/application/mounts/:mount/nodes', {
    params,
    body: z.object({ nodes: ids }),
    reply: mount,
  }),
  addServers: endpoint('POST /api/application/mounts/:mount/servers', {
    params,
    body: z.object({ servers: ids }),
    reply: mount,
  }),
  removeEgg: endpoint('DELETE /api/application/mounts/:mount/eggs/:egg', {
    params: params.extend({ egg: rowNumber() }),
  }),
  removeNode: endpoint('DELETE /api/application/mounts/:mount/nodes/:node', {
    params: params.extend({ node: rowNumber() }),
  }),
  removeServer: endpoint('DELETE /api/application/mounts/:mount/servers/:server', {
    params: params.extend({ server: rowNumber() }),
  }),
}

/** What a server has, and what it is offered. Said twice, attaching and detaching change nothing. */
export const serverMounts = {
  list: endpoint('GET /api/application/servers/:server/mounts', { params: ofServer, reply: list(serverMount) }),
  attach: endpoint('PUT /api/application/servers/:server/mounts/:mount', {
    params: ofServer.extend({ mount: rowNumber() }),
  }),
  detach: endpoint('DELETE /api/application/servers/:server/mounts/:mount', {
    params: ofServer.extend({ mount: rowNumber() }),
  }),
}
