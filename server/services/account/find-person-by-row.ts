import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { rightsOfOne } from '#server/services/users/rights'

/**
 * An account as an actor, for what comes in neither by session nor by key: SFTP. Undefined for whoever may not come in at
 * all, a password that must be changed first among it.
 */
export async function findPersonByRow(user: UserRow, ip: string): Promise<Person | undefined> {
  if (user.suspended || user.banned || user.passwordResetRequired) return undefined
  return {
    userId: user.id,
    uuid: user.uuid,
    username: user.username,
    ...(await rightsOfOne(useDrizzle(), user.id)),
    door: { kind: 'sftp' },
    ip,
    userAgent: null,
  }
}
