import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import { announceAccount } from '#server/services/users/announce-account'
import { prepareUser, type NewUser } from '#server/services/users/prepare-user'
import { refuseTaken, refuseTakenMeanwhile } from '#server/services/users/refuse-taken'
import { sendSetupLink } from '#server/services/users/send-setup-link'

interface CreateUser extends Omit<NewUser, 'language'> {
  actor: Actor
  /** Left out, the person chooses one by a link. */
  password?: string | null
  language?: string
}

/**
 * Makes an account. `setupUrl` is the link with which its owner chooses a password, where no mail could carry it.
 *
 * @throws {AppError} `auth.forbidden`, `request.invalid` (a name, an address or an external id that is taken)
 */
export async function createUser({
  actor,
  password,
  ...asked
}: CreateUser): Promise<{ user: UserRow; setupUrl: string | null }> {
  const { rootAdmin = false, username, email, externalId } = asked
  if (!mayManageUser(actor, { role: rootAdmin ? 'admin' : 'user', rootAdmin })) throw new AppError('auth.forbidden')

  const db = useDrizzle()
  // Before the hash, which is the costly part.
  await refuseTaken(db, { username: username.toLowerCase(), email: email.toLowerCase(), externalId })

  const language = asked.language ?? (await getSettings()).panel.locale
  const insertUser = await prepareUser({ ...asked, language }, password || null)

  return db
    .transaction(async (tx) => {
      const user = await insertUser(tx)
      await recordActivity(tx, {
        actor,
        event: 'admin:user.create',
        target: { type: 'user', id: user.id },
        properties: { username: user.username, email: user.email, root_admin: rootAdmin },
      })
      await notify(tx, 'administration', { what: 'users' })
      if (!password) return { user, setupUrl: await sendSetupLink(tx, user) }

      await announceAccount(tx, user)
      return { user, setupUrl: null }
    })
    .catch(refuseTakenMeanwhile)
}
