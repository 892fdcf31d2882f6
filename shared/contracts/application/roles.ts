import { z } from 'zod'
import { ADMIN_RESOURCES, type Grants } from '#shared/permissions'
import { endpoint } from '../endpoint'
import { item, list, nothing, page, type Plain } from '../envelope'
import { flag, looseArray, rowNumber, stamp, wholeNumber } from '../fields'
import { nameField, TEXT_MAX } from '../person-fields'
import { filterShape, includeShape, pageShape, sortShape } from '../query'

const anyItem = z.object({ object: z.string(), attributes: z.record(z.string(), z.unknown()) })

/** Pelican's, by its names: `viewList server`. */
const rolePermission = item('permissions', z.object({ name: z.string(), created_at: stamp(), updated_at: stamp() }))

export const role = item(
  'role',
  z.object({
    id: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    /** Resource → 1 read, 2 write, 3 both; those that are not named have none. */
    grants: z.record(z.string(), z.int()),
    /** With it the role reaches `nodes` only, even where none is left. */
    is_node_restricted: z.boolean(),
    /** Of them those that the caller's own roles reach. */
    nodes: z.array(z.object({ id: z.int(), name: z.string() })),
    users_count: z.int(),
    /** Whether it gives no more than the caller holds: only such a role is changed or given by him. */
    is_within_reach: z.boolean(),
    created_at: stamp(),
    updated_at: stamp(),
    relationships: z
      .object({
        users: z.union([nothing, list(anyItem)]).optional(),
        permissions: z.union([nothing, list(rolePermission)]).optional(),
      })
      .optional(),
  }),
)
export type Role = Plain<z.output<typeof role>>

/** Resource → 0 none, 1 read, 2 write, 3 both. */
const grantsField = () =>
  z
    .record(z.string(), wholeNumber({ min: 0, max: 3 }))
    .superRefine((given, context) => {
      for (const name of Object.keys(given).filter((one) => !(ADMIN_RESOURCES as readonly string[]).includes(one)))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `The selected grants.${name} is invalid.`,
          params: { rule: 'in' },
        })
    })
    .transform((given) => given as Grants)

export const createRoleBody = z.object({
  name: nameField(),
  description: z.string().max(TEXT_MAX).nullish(),
  grants: grantsField().optional(),
  is_node_restricted: flag().optional(),
  node_ids: looseArray(wholeNumber({ min: 1 })).optional(),
})

/** What is left out stays; grants and nodes replace what was. */
const updateRoleBody = createRoleBody.partial()
export type UpdateRoleBody = z.output<typeof updateRoleBody>

const params = z.object({ role: rowNumber() })
const query = z.object({ include: includeShape() })

export const roles = {
  list: endpoint('GET /api/application/roles', {
    query: z.object({ ...pageShape({ usual: 50 }), include: includeShape(), filter: filterShape(), sort: sortShape() }),
    reply: page(role),
  }),
  get: endpoint('GET /api/application/roles/:role', { params, query, reply: role }),
  create: endpoint('POST /api/application/roles', {
    query,
    body: createRoleBody,
    reply: role.extend({ meta: z.object({ resource: z.url() }) }),
    status: 201,
  }),
  update: endpoint('PATCH /api/application/roles/:role', { params, query, body: updateRoleBody, reply: role }),
  remove: endpoint('DELETE /api/application/roles/:role', { params }),
}
