import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { rowNumber, stamp } from '../fields'
import { includeShape, pageShape } from '../query'

const included = z.union([
  nothing,
  list(z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })),
])

export const nest = item(
  'nest',
  z.object({
    id: z.int(),
    uuid: z.string(),
    author: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    created_at: stamp(),
    updated_at: stamp(),
    relationships: z.object({ eggs: included.optional(), servers: included.optional() }).optional(),
  }),
)
export type Nest = Plain<z.output<typeof nest>>

export const NEST_NAME_MAX = 191

const description = z.string().max(65_535).nullish()

export const createNestBody = z.object({ name: z.string().max(NEST_NAME_MAX).min(1), description })
export type CreateNestBody = z.output<typeof createNestBody>

/** What is left out stays. */
export const updateNestBody = z.object({ name: z.string().max(NEST_NAME_MAX).min(1).optional(), description })
export type UpdateNestBody = z.output<typeof updateNestBody>

const withResource = nest.extend({ meta: z.object({ resource: z.url() }) })
const params = z.object({ nest: rowNumber() })
const query = z.object({ include: includeShape() })

export const nests = {
  list: endpoint('GET /api/application/nests', {
    query: z.object({ ...pageShape({ usual: 50 }), include: includeShape() }),
    reply: page(nest),
  }),
  get: endpoint('GET /api/application/nests/:nest', { params, query, reply: nest }),
  // Ours: the API that is known elsewhere only reads nests.
  create: endpoint('POST /api/application/nests', { query, body: createNestBody, reply: withResource, status: 201 }),
  update: endpoint('PATCH /api/application/nests/:nest', { params, query, body: updateNestBody, reply: nest }),
  remove: endpoint('DELETE /api/application/nests/:nest', { params }),
}
