import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { hashPassword } from '#server/auth/passwords'
import { useDrizzle } from '#server/database/client'
import { now } from '#server/database/columns'
import { userRoles, users, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { dropLinks } from '#server/services/account/drop-links'
import { setPassword } from '#server/services/account/set-password'
import { tellNodes } from '#server/services/access/tell-nodes'
import { changeOf } from '#server/services/activity/change-of'
import { recordActivity } from '#server/services/activity/record-activity'
import { closeBeforeChange } from '#server/services/roles/rights-change'
import { holdManaged, refuseServersBeyond } from '#server/services/users/hold-managed'
import { keepLastRoot } from '#server/services/users/keep-last-root'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'
import { rightsOf } from '#server/services/users/rights'

interface UpdateUser {
  actor: Actor
  user: UserRow
  /** What is left out stays. */
  change: Partial<
    Pick<
      UserRow,
      | 'username'
      | 'email'
      | 'nameFirst'
      | 'nameLast'
      | 'language'
      | 'rootAdmin'
      | 'externalId'
      | 'isManagedExternally'
      | 'timeZone'
    >
  >
  /** A new one ends every session of the user. */
  password?: string | null
}

/**
 * Changes somebody else's account. Whoever is no root administrator any more loses what he holds open on nodes; an address
 * that moves is proven by nobody, and links that went to the one before end.
 *
 * @throws {AppError} `auth.forbidden`, `request.invalid` (what is taken), `user.last_administrator`,
 * `sign_in.password_needed`, `user.servers_beyond`
 */
export async function updateUser({ actor, user, change, password }: UpdateUser): Promise<UserRow> {
  // Whom he may manage now, and whom it would become.
  const becomes = { role: user.role, rootAdmin: change.rootAdmin ?? user.rootAdmin }
  if (!mayManageUser(actor, user) || !mayManageUser(actor, becomes)) throw new AppError('auth.forbidden')

  const hash = password ? await hashPassword(password) : undefined
  const { username } = change
  const named = username === undefined || username.toLowerCase() === user.username ? {} : { displayUsername: username }
  const wanted = {
    ...change,
    ...named,
    ...(username !== undefined && { username: username.toLowerCase() }),
    ...(change.email !== undefined && { email: change.email.toLowerCase() }),
  }

  const { saved, toTell } = await useDrizzle()
    .transaction(async (tx) => {
      await refuseTaken(tx, wanted, user.id)

      const { current, administrator } = await holdManaged(tx, { actor, user })
      if (!mayManageUser(administrator, becomes)) throw new AppError('auth.forbidden')
      // Whoever has his address or his password can be him; a program sends all of them each time, changed or not.
      if (
        hash !== undefined ||
        (['email', 'username'] as const).some((name) => (wanted[name] ?? current[name]) !== current[name])
      )
        await refuseServersBeyond(tx, administrator, current)
      const rootAdmin = change.rootAdmin ?? current.rootAdmin
      const changesRights = current.rootAdmin !== rootAdmin
      // As he was: what he reached until now.
      const closed = changesRights ? await closeBeforeChange(tx, [current], await rightsOf(tx, [user.id])) : []
      // Without root the roles that he has go on deciding; whoever is made root is an administrator.
      const hasRoles = (await tx.$count(userRoles, eq(userRoles.userId, user.id))) > 0
      const role = rootAdmin || hasRoles ? ('admin' as const) : ('user' as const)

      const isMoved = wanted.email !== undefined && wanted.email !== current.email
      const [after] = await tx
        .update(users)
        .set({ ...wanted, rootAdmin, role, updatedAt: now(), ...(isMoved && { emailVerified: null }) })
        .where(eq(users.id, user.id))
        .returning()
      if (!after) throw new AppError('resource.not_found')
      if (isMoved) await dropLinks(tx, user.id)
      if (current.rootAdmin && !rootAdmin) await keepLastRoot(tx)
      const revoked = [...closed, ...(hash ? await setPassword(tx, after, hash) : [])]

      await recordActivity(tx, {
        actor,
        event: 'admin:user.update',
        target: { type: 'user', id: user.id },
        properties: { ...changeOf(current, after, TOLD), password: hash !== undefined },
      })
      await notify(tx, 'administration', { what: 'users' })
      return { saved: after, toTell: [...new Set(revoked)] }
    })
    .catch(refuseTakenMeanwhile)
  await tellNodes(toTell)

  return saved
}

const TOLD = [
  'username',
  'email',
  'nameFirst',
  'nameLast',
  'language',
  'rootAdmin',
  'externalId',
  'isManagedExternally',
  'timeZone',
] as const
