import { randomBytes } from 'node:crypto'
import type { Person } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { getSettings } from '#server/services/settings/current-settings'
import { prepareUser } from '#server/services/users/prepare-user'
import { sendSetupLink } from '#server/services/users/send-setup-link'

interface InviteAccount {
  actor: Person
  email: string
}

/**
 * An account for somebody who is only known by his address. The link to choose a password goes to that address and to
 * nobody else: where no mail can carry it, an administrator makes one, since it opens the account to whoever holds it.
 */
export async function inviteAccount(tx: Executor, { actor, email }: InviteAccount): Promise<UserRow> {
  const insertUser = await prepareUser(
    {
      username: usernameFor(email),
      email,
      nameFirst: 'Server',
      nameLast: 'Subuser',
      language: (await getSettings()).panel.locale,
    },
    null,
  )
  const user = await insertUser(tx)
  await recordActivity(tx, {
    actor,
    event: 'admin:user.create',
    target: { type: 'user', id: user.id },
    properties: { username: user.username, email, root_admin: false, invited: true },
  })
  await sendSetupLink(tx, user)
  await notify(tx, 'administration', { what: 'users' })
  return user
}

/** From what stands before the `@`, with three signs behind it: others may be called the same. */
function usernameFor(email: string): string {
  const [local = ''] = email.split('@')
  const kept = local
    .replace(/[^\w.-]/g, '')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, 61)
  return `${kept || 'user'}${randomBytes(2).toString('hex').slice(0, 3)}`
}
