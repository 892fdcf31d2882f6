import type { Executor } from '#server/database/client'
import { users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { countsAsRoot } from '#server/services/users/queries'

/**
 * Asked in the transaction that takes a root administrator away. Locks the others, so that the last two cannot each
 * remove the other in the same moment.
 *
 * @throws {AppError} `user.last_administrator`
 */
export async function keepLastRoot(tx: Executor, user: UserRow): Promise<void> {
  if (!user.rootAdmin) return
  const roots = await tx.select({ id: users.id }).from(users).where(countsAsRoot).orderBy(users.id).for('update')
  if (!roots.some(({ id }) => id !== user.id)) throw new AppError('user.last_administrator')
}
