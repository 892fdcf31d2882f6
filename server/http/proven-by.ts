import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'
import { isNarrowed } from '#server/policies/administration-policy'
import { provePassword } from '#server/services/account/prove-password'
import { identify } from './access'
import { admitting, type Guard } from './define-route'
import { readInput } from './input'

/**
 * A person who proves in the same request, by his password, that it is him. Before anything else of the form is looked
 * at, as the API always has.
 */
export function provenBy(
  field: 'password' | 'current_password',
  demands?: Parameters<typeof identify>[2],
): Guard<{ actor: Person }> {
  return admitting({ who: 'person' }, async (event) => {
    const actor = await identify(event, 'client', demands)
    if (isNarrowed(actor)) throw new AppError('auth.forbidden')
    const { [field]: given } = await readInput(event, { keepsBlanks: false })
    await provePassword({ actor, password: typeof given === 'string' ? given : '' })
    return { actor }
  })
}
