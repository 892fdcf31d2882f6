import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'

/** A mount as players see it: what lies where on the host is nobody's business here. */
export const ownMount = item(
  'mount',
  z.object({
    uuid: z.uuid(),
    name: z.string(),
    description: z.string().nullable(),
    target: z.string(),
    read_only: z.boolean(),
    is_attached: z.boolean(),
    is_changeable: z.boolean(), // otherwise an administrator gave it
  }),
)
export type OwnMount = Plain<z.output<typeof ownMount>>

const params = z.object({ server: z.string(), mount: z.uuid() })

export const ownMounts = {
  list: endpoint('GET /api/client/servers/:server/mounts', { reply: list(ownMount) }),
  attach: endpoint('PUT /api/client/servers/:server/mounts/:mount', { params }),
  detach: endpoint('DELETE /api/client/servers/:server/mounts/:mount', { params }),
}
