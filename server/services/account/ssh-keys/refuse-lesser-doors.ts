import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'

/**
 * An SSH key opens all that its owner may. So an API key that carries less adds none, and neither does an administrator
 * who acts as somebody else.
 *
 * @throws {AppError} `auth.forbidden`
 */
export function refuseLesserDoors({ door }: Pick<Person, 'door'>): void {
  const isActing = door.kind === 'session' && door.impersonatorId !== null
  const isNarrowed = door.kind === 'account-key' && (door.servers !== null || door.permissions !== null)
  if (isActing || isNarrowed) throw new AppError('auth.forbidden')
}
