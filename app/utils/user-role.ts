import type { User } from '#shared/contracts/application/users'

export type UserRole = 'root' | 'limited' | 'user'

/** What somebody is to the administration: root, an administrator by his roles, or neither. */
export const roleOf = (user: User): UserRole =>
  user.root_admin ? 'root' : user.relationships?.standing?.is_administrator ? 'limited' : 'user'
