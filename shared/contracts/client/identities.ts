import { z } from 'zod'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'

/** A provider as whoever signs in is shown it. */
export const offeredProvider = z.object({
  id: z.string(),
  name: z.string(),
  icon: z.string().nullable(),
  color: z.string().nullable(),
})
export type OfferedProvider = z.output<typeof offeredProvider>

/** Somebody else's word for who a person is, connected with his account. */
export const identity = item(
  'identity',
  z.object({
    id: z.string(),
    provider: offeredProvider,
    /** Switched off by an administrator: it lets nobody in. */
    is_enabled: z.boolean(),
    /** Name or address there. */
    label: z.string().nullable(),
    created_at: stamp(),
  }),
)
export type Identity = Plain<z.output<typeof identity>>

export const connectIdentityBody = z.object({
  provider: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  password: z.string().nullish(),
})

export const identities = {
  /** `available` are the providers that are not connected yet. */
  list: endpoint('GET /api/client/account/identities', {
    reply: list(identity).extend({ meta: z.object({ available: z.array(offeredProvider) }) }),
  }),
  /** Where to go to prove who one is there; the panel connects whoever comes back. Takes the password, where the account has one. */
  connect: endpoint('POST /api/client/account/identities', {
    body: connectIdentityBody,
    reply: item('identity_visit', z.object({ url: z.url() })),
  }),
  disconnect: endpoint('DELETE /api/client/account/identities/:identity', {}),
}
