import { z } from 'zod'
import { endpoint } from '../endpoint'
import { list, type Plain } from '../envelope'
import { rowNumber } from '../fields'
import { serverAllocation } from './servers'

export const NOTES_MAX = 256

/** Why a server can be given no further allocation. */
export const ADD_OBSTACLES = ['switched_off', 'no_limit', 'limit_reached', 'no_space'] as const
export type AddObstacle = (typeof ADD_OBSTACLES)[number]

/** Why an allocation stays with its server. One that an administrator gave is released by administrators alone. */
export const RELEASE_OBSTACLES = ['no_limit', 'primary', 'locked'] as const
export type ReleaseObstacle = (typeof RELEASE_OBSTACLES)[number]

export const networkAllocation = serverAllocation.extend({
  // Ours.
  meta: z.object({
    /** For who asks; null: he may release it, if he has the right. */
    release_obstacle: z.enum(RELEASE_OBSTACLES).nullable(),
  }),
})
export type NetworkAllocation = Plain<z.output<typeof networkAllocation>>

export const allocationNotesBody = z
  .object({ notes: z.string().max(NOTES_MAX).nullable().optional() })
  .superRefine(({ notes }, context) => {
    if (notes === undefined)
      context.addIssue({
        code: 'custom',
        path: ['notes'],
        message: 'The notes field must be present.',
        params: { rule: 'present' },
      })
  })

const params = z.object({ server: z.string(), allocation: rowNumber() })

export const network = {
  list: endpoint('GET /api/client/servers/:server/network/allocations', {
    reply: list(networkAllocation).extend({
      // Ours: what the page says about room.
      meta: z.object({
        /** The primary one among them. Null: none may be added. */
        allocation_limit: z.int().nullable(),
        /** Null: another one can be added. */
        add_obstacle: z.enum(ADD_OBSTACLES).nullable(),
      }),
    }),
  }),
  /** The panel chooses which. */
  add: endpoint('POST /api/client/servers/:server/network/allocations', { reply: networkAllocation }),
  setNotes: endpoint('POST /api/client/servers/:server/network/allocations/:allocation', {
    params,
    body: allocationNotesBody,
    reply: networkAllocation,
  }),
  makePrimary: endpoint('POST /api/client/servers/:server/network/allocations/:allocation/primary', {
    params,
    reply: networkAllocation,
  }),
  release: endpoint('DELETE /api/client/servers/:server/network/allocations/:allocation', { params }),
}
