import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'

/** A browser that is asked for no code. */
export const trustedBrowser = item(
  'trusted_browser',
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    ip: z.string().nullable(),
    created_at: stamp(),
    last_used_at: stamp().nullable(),
    expires_at: stamp(),
  }),
)
export type TrustedBrowser = Plain<z.output<typeof trustedBrowser>>

export const trustedBrowsers = {
  list: endpoint('GET /api/client/account/trusted-browsers', { reply: list(trustedBrowser) }),
  remove: endpoint('DELETE /api/client/account/trusted-browsers/:trustedBrowser', {}),
}
