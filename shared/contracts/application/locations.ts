import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { rowNumber, stamp } from '../fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'

const included = z.union([
  nothing,
  list(z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })),
])

export const location = item(
  'location',
  z.object({
    id: z.int(),
    short: z.string(),
    long: z.string().nullable(),
    updated_at: stamp(),
    created_at: stamp(),
    relationships: z.object({ nodes: included.optional(), servers: included.optional() }).optional(),
  }),
)
export type Location = Plain<z.output<typeof location>>

export const locationBody = z.object({
  short: z.string().min(1).max(60),
  long: z.string().min(1).max(191).nullish(),
})
export type LocationBody = z.output<typeof locationBody>

const withResource = location.extend({ meta: z.object({ resource: z.url() }) })
const params = z.object({ location: rowNumber() })
const query = z.object({ include: includeShape() })

export const locations = {
  list: endpoint('GET /api/application/locations', {
    query: z.object({ ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape(), sort: sortShape() }),
    reply: page(location),
  }),
  get: endpoint('GET /api/application/locations/:location', { params, query, reply: location }),
  create: endpoint('POST /api/application/locations', { query, body: locationBody, reply: withResource, status: 201 }),
  update: endpoint('PATCH /api/application/locations/:location', {
    params,
    query,
    body: locationBody,
    reply: location,
  }),
  remove: endpoint('DELETE /api/application/locations/:location', { params }),
}
