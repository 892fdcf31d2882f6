import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'

/** How somebody proves who he is, is for nobody to change who acts as him. @throws {AppError} `auth.forbidden` */
export function refuseActing({ door }: Pick<Person, 'door'>): void {
  if (door.kind === 'session' && door.impersonatorId !== null) throw new AppError('auth.forbidden')
}
