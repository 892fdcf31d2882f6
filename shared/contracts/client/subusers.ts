import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { looseArray, stamp } from '../fields'
import { emailField } from '../person-fields'
import { publicUser } from './activity'

export const subuser = item(
  'server_subuser',
  publicUser.shape.attributes.extend({
    /** `websocket.connect` is always among them. */
    permissions: z.array(z.string()),
    /** Ours: when he was last in the panel, and the address of an uploaded image. */
    last_seen_at: stamp().nullable(),
    avatar: z.string().nullable(),
  }),
)
export type Subuser = Plain<z.output<typeof subuser>>

/** Names that are not known are dropped, `websocket.connect` is added. */
const permissions = looseArray(z.string().max(191)).pipe(z.array(z.string()).min(1).max(200))

export const inviteSubuserBody = z.object({ email: emailField(), permissions })
export const updateSubuserBody = z.object({ permissions })

export const subusers = {
  list: endpoint('GET /api/client/servers/:server/users', { reply: list(subuser) }),
  get: endpoint('GET /api/client/servers/:server/users/:user', { reply: subuser }),
  invite: endpoint('POST /api/client/servers/:server/users', { body: inviteSubuserBody, reply: subuser }),
  update: endpoint('POST /api/client/servers/:server/users/:user', { body: updateSubuserBody, reply: subuser }),
  remove: endpoint('DELETE /api/client/servers/:server/users/:user', {}),
}
