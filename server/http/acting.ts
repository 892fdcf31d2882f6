import type { Person } from '#server/auth/actor'
import { AppError } from '#server/errors'
import type { Endpoint } from '#shared/contracts/endpoint'

/** Reading it begins to set a factor up, and answers its secret. */
const SECRET_READS = /^\/api\/client\/account\/two-factor/

/** Whether an administrator acts as this person. */
export const isActing = ({ door }: Pick<Person, 'door'>): boolean =>
  door.kind === 'session' && door.impersonatorId !== null

/**
 * Whoever acts as somebody else leaves that account alone: its password, address, factors, keys and sessions are changed
 * by its owner. What is new below the account is refused too, unless it only reads.
 *
 * @throws {AppError} `auth.acting`
 */
export function refuseActing(person: Person, endpoint: Pick<Endpoint, 'method' | 'path'> | undefined): void {
  if (!endpoint || !isActing(person) || !endpoint.path.startsWith('/api/client/account/')) return
  if (endpoint.method !== 'GET' || SECRET_READS.test(endpoint.path)) throw new AppError('auth.acting')
}
