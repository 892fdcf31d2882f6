import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'

/** An SSH key opens all that its owner may. So an API key that carries less adds none. @throws {AppError} `auth.forbidden` */
export function refuseLesserDoors({ door }: Pick<Person, 'door'>): void {
  if (door.kind === 'account-key' && (door.servers !== null || door.permissions !== null))
    throw new AppError('auth.forbidden')
}
