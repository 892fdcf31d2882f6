import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'

/** One browser in which somebody is signed in. Named by its row, never by its token. */
export const session = item(
  'session',
  z.object({
    id: z.string(),
    is_current: z.boolean(),
    browser: z.string().nullable(),
    system: z.string().nullable(),
    device: z.string().nullable(),
    ip: z.string().nullable(),
    first_seen_at: stamp(),
    last_seen_at: stamp(),
    expires_at: stamp(),
  }),
)
export type Session = Plain<z.output<typeof session>>

export const sessions = {
  list: endpoint('GET /api/client/account/sessions', { reply: list(session) }),
  revoke: endpoint('DELETE /api/client/account/sessions/:session', {}),
  /** All but the one that asks. */
  revokeOthers: endpoint('DELETE /api/client/account/sessions', {}),
}
