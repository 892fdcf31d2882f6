import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { subuserPermissions } from '#server/database/json'
import { only } from '#server/database/rows'
import { serverSubusers, users, type ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import type { ServerTie } from '#server/policies/server-policy'
import { grantedOf } from '#server/policies/subuser-policy'
import { recordActivity } from '#server/services/activity/record-activity'
import { notifyPeople } from '#server/services/notifications/notify-people'
import { lockServer } from '#server/services/servers/lock-server'
import { limitUse } from '#server/services/throttles/limit-use'
import { inviteAccount } from './invite-account'
import type { FoundSubuser } from './queries'

interface InviteSubuser {
  actor: Person
  server: ServerRow
  tie: ServerTie
  /** In lower case. */
  email: string
  /** The actor holds all of them. */
  permissions: readonly string[]
}

/** Of a name and of an address, each once more: two may be invited in the same moment. */
const TRIES = 3

/**
 * Shares a server with somebody. Whoever has no account gets one, and by mail the link to choose a password.
 *
 * @throws {AppError} `subuser.is_owner`, `subuser.exists`, `request.too_many`
 */
export async function inviteSubuser(input: InviteSubuser): Promise<FoundSubuser> {
  const { actor, server, tie } = input
  // Each says whether an address has an account here. An administrator can look that up.
  if (tie.kind !== 'administrator') await limitUse({ bucket: 'subuser-invite', name: `${actor.userId}\n${server.id}` })

  for (let left = TRIES; ; left--) {
    try {
      return await useDrizzle().transaction((tx) => invite(tx, input))
    } catch (error) {
      const isTaken =
        isUniqueViolation(error, 'users_email_unique') || isUniqueViolation(error, 'users_username_unique')
      if (!isTaken || left === 0) throw error
    }
  }
}

async function invite(tx: Executor, { actor, server, email, permissions }: InviteSubuser): Promise<FoundSubuser> {
  const current = await lockServer(tx, server.id)
  const [known] = await tx.select().from(users).where(eq(users.email, email))
  if (known?.id === current.ownerId) throw new AppError('subuser.is_owner')
  const isOfKnown = and(eq(serverSubusers.serverId, server.id), eq(serverSubusers.userId, known?.id ?? ''))
  if ((await tx.$count(serverSubusers, isOfKnown)) > 0) throw new AppError('subuser.exists')

  const user = known ?? (await inviteAccount(tx, { actor, email }))
  const granted = grantedOf(permissions)
  const values = { serverId: server.id, userId: user.id, permissions: z.encode(subuserPermissions, granted) }
  const row = only(await tx.insert(serverSubusers).values(values).returning())

  await recordActivity(tx, {
    actor,
    event: 'server:subuser.create',
    target: { type: 'server', id: server.id },
    subjects: [{ type: 'user', id: user.id }],
    properties: { email, permissions: granted },
  })
  await notifyPeople(tx, [{ userId: user.id, isTold: true }], { kind: 'server.added', server: current })
  await notify(tx, 'server', { serverId: server.id, what: 'users' })
  // His list has one more.
  await notify(tx, 'access', { userId: user.id })
  return { row, user }
}
