import { z } from 'zod'
import { isAddressEntry } from '#shared/utils/addresses'
import { looseArray, wholeNumber } from './fields'

/** What is said about a key of either kind, where it is made. */

export const DESCRIPTION_MAX = 500
export const ADDRESSES_MAX = 50
export const REQUESTS_MAX = 100_000

export const keyDescriptionField = () => z.string().min(1).max(DESCRIPTION_MAX)

/** Addresses, CIDR, ranges and `10.0.*.*`, kept as they are given; none: from everywhere. */
export const allowedIpsField = () =>
  looseArray(
    z.string().refine(isAddressEntry, {
      error: ({ input }) => `"${String(input)}" is not a valid IP address or CIDR range.`,
      params: { rule: '' }, // as clients know it
    }),
  ).refine((entries) => entries.length <= ADDRESSES_MAX, {
    error: `The allowed ips may not have more than ${ADDRESSES_MAX} items.`,
    params: { rule: 'max', max: ADDRESSES_MAX },
  })

/** A moment to come, kept as ISO in UTC. A day alone means its beginning. */
export const expiresAtField = () =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: 'The expires at is not a valid date.' })
    .refine((moment) => Date.parse(moment) > Date.now(), {
      error: 'The expires at must be a date after now.',
      params: { rule: 'after' },
    })
    .transform((moment) => new Date(moment).toISOString())

export const requestsPerMinuteField = () => wholeNumber({ min: 1, max: REQUESTS_MAX })

/** The second half of the key, said this once: the whole is `identifier` and it. */
export const withSecret = { meta: z.object({ secret_token: z.string() }) }
