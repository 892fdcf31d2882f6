import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, nothing, page, type Plain } from '../envelope'
import { looseArray, rowNumber } from '../fields'
import { filterShape, includeShape, pageShape } from '../query'

const one = z.union([nothing, z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })])

export const allocation = item(
  'allocation',
  z.object({
    id: z.int(),
    ip: z.string(),
    alias: z.string().nullable(),
    port: z.int(),
    notes: z.string().nullable(),
    assigned: z.boolean(),
    relationships: z.object({ node: one.optional(), server: one.optional() }).optional(),
  }),
)
export type Allocation = Plain<z.output<typeof allocation>>

export const createAllocationsBody = z.object({
  ip: z.string().min(1), // an address, a name, or CIDR from /25 to /32
  alias: z.string().max(191).nullish(),
  ports: looseArray(z.string()).pipe(z.array(z.string()).min(1)), // `"25565"` or `"25565-25570"`
})
export type CreateAllocationsBody = z.output<typeof createAllocationsBody>

/** Ours: what would be added, before it is. */
export const allocationPreview = z.object({ added: z.int(), existing: z.int() })

export const updateAllocationBody = z.object({ alias: z.string().max(191).nullable() })
const several = z.array(z.int()).min(1).max(5000)
export const removeAllocationsBody = z.object({ allocations: several })
export const aliasAllocationsBody = z.object({ allocations: several, alias: z.string().max(191).nullable() })

const node = z.object({ node: rowNumber() })
const params = node.extend({ allocation: rowNumber() })

export const allocations = {
  list: endpoint('GET /api/application/nodes/:node/allocations', {
    params: node,
    query: z.object({ ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape() }),
    reply: page(allocation),
  }),
  create: endpoint('POST /api/application/nodes/:node/allocations', { params: node, body: createAllocationsBody }),
  preview: endpoint('POST /api/application/nodes/:node/allocations/preview', {
    params: node,
    body: createAllocationsBody,
    reply: allocationPreview,
  }),
  update: endpoint('PATCH /api/application/nodes/:node/allocations/:allocation', {
    params,
    body: updateAllocationBody,
    reply: allocation,
  }),
  remove: endpoint('DELETE /api/application/nodes/:node/allocations/:allocation', { params }),
  removeMany: endpoint('POST /api/application/nodes/:node/allocations/delete', {
    params: node,
    body: removeAllocationsBody,
  }),
  /** Ours, as the two before: free ones and those that servers hold. */
  aliasMany: endpoint('POST /api/application/nodes/:node/allocations/alias', {
    params: node,
    body: aliasAllocationsBody,
  }),
  /** Ours: addresses that a node is known to have. */
  addresses: endpoint('GET /api/application/nodes/:node/allocations/addresses', {
    params: node,
    reply: z.object({ addresses: z.array(z.string()) }),
  }),
}
