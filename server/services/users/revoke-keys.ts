import { and, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { apiKeys, sshKeys, type UserRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { mayManageUser } from '#server/policies/user-policy'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'

interface Revoke {
  actor: Actor
  user: UserRow
}

/** Ends one of somebody's account keys. @throws {AppError} `auth.forbidden`, `resource.not_found` */
export async function revokeApiKey({ actor, user, identifier }: Revoke & { identifier: string }): Promise<void> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  await useDrizzle().transaction(async (tx) => {
    const isIt = and(eq(apiKeys.identifier, identifier), eq(apiKeys.userId, user.id), eq(apiKeys.kind, 'account'))
    const [gone] = await tx.delete(apiKeys).where(isIt).returning({ id: apiKeys.id })
    if (!gone) throw new AppError('resource.not_found')
    await record(tx, { actor, user }, { type: 'api_key', id: gone.id }, { identifier })
    await notify(tx, 'access', { userId: user.id })
  })
}

/**
 * Takes an SSH key from somebody, and ends what he holds open on nodes: it may be in use just now.
 *
 * @throws {AppError} `auth.forbidden`, `resource.not_found`
 */
export async function revokeSshKey({ actor, user, fingerprint }: Revoke & { fingerprint: string }): Promise<void> {
  if (!mayManageUser(actor, user)) throw new AppError('auth.forbidden')
  const toTell = await useDrizzle().transaction(async (tx) => {
    const isIt = and(eq(sshKeys.userId, user.id), eq(sshKeys.fingerprint, fingerprint))
    const [gone] = await tx.delete(sshKeys).where(isIt).returning({ id: sshKeys.id })
    if (!gone) throw new AppError('resource.not_found')
    await record(tx, { actor, user }, { type: 'ssh_key', id: gone.id }, { fingerprint })
    return revokeEverywhere(tx, user)
  })
  await tellNodes(toTell)
}

async function record(
  tx: Executor,
  { actor, user }: Revoke,
  key: { type: 'api_key' | 'ssh_key'; id: string },
  properties: Record<string, string>,
): Promise<void> {
  await recordActivity(tx, {
    actor,
    event: 'admin:user.revoke-key',
    target: { type: 'user', id: user.id },
    subjects: [{ type: 'user', id: user.id }, key],
    properties: { username: user.username, ...properties },
  })
}
