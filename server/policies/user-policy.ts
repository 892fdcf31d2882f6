import type { Actor } from '#server/auth/actor'

interface Managed {
  role: string
  rootAdmin: boolean
}

/**
 * Whether somebody may change a person's account. Whoever sets a password can be that person, so an administrator who is
 * limited by roles reaches only people without any; a root administrator reaches everybody.
 */
export function mayManageUser({ isRootAdmin }: Pick<Actor, 'isRootAdmin'>, { role, rootAdmin }: Managed): boolean {
  return isRootAdmin || (role !== 'admin' && !rootAdmin)
}
