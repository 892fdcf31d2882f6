import { z } from 'zod'
import { KEY_RESOURCES, type KeyResource } from '#shared/permissions'
import { isAddressEntry } from '#shared/utils/addresses'
import { comingMoment, looseArray, wholeNumber } from '#shared/contracts/fields'

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

export const expiresAtField = () => comingMoment('expires at')

/** Resource → 0 none, 1 read, 2 write, 3 both, of at least one. */
export const levelsField = () =>
  z
    .record(z.string(), wholeNumber({ min: 0, max: 3 }))
    .superRefine((given, context) => {
      for (const name of Object.keys(given).filter((one) => !(KEY_RESOURCES as string[]).includes(one)))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `The selected permissions.${name} is invalid.`,
          params: { rule: 'in' },
        })
      if (Object.values(given).every((level) => level === 0))
        context.addIssue({
          code: 'custom',
          message: 'The permissions field is required.',
          params: { rule: 'required' },
        })
    })
    .transform((given) => given as Partial<Record<KeyResource, number>>)

export const requestsPerMinuteField = () => wholeNumber({ min: 1, max: REQUESTS_MAX })

/** The second half of the key, said this once: the whole is `identifier` and it. */
export const withSecret = { meta: z.object({ secret_token: z.string() }) }
