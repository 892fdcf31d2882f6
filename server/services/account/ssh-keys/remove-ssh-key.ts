import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { sshKeys, users } from '#server/database/schema'
import { revokeEverywhere } from '#server/services/access/revoke-access'
import { tellNodes } from '#server/services/access/tell-nodes'
import { recordActivity } from '#server/services/activity/record-activity'
import { refuseLesserDoors } from './refuse-lesser-doors'

interface RemoveSshKey {
  actor: Person
  fingerprint: string
}

/**
 * Removes one of somebody's own keys, and ends what he holds open on nodes: a key that was lost may be in use just now.
 * False when he has no such key.
 *
 * @throws {AppError} `auth.forbidden`
 */
export async function removeSshKey({ actor, fingerprint }: RemoveSshKey): Promise<boolean> {
  refuseLesserDoors(actor)
  const { userId } = actor

  const toTell = await useDrizzle().transaction(async (tx) => {
    const [gone] = await tx
      .delete(sshKeys)
      .where(and(eq(sshKeys.userId, userId), eq(sshKeys.fingerprint, fingerprint)))
      .returning({ id: sshKeys.id })
    const [user] = gone ? await tx.select().from(users).where(eq(users.id, userId)) : []
    if (!gone || !user) return undefined

    await recordActivity(tx, {
      actor,
      event: 'user:ssh-key.delete',
      target: { type: 'user', id: userId },
      subjects: [{ type: 'ssh_key', id: gone.id }],
      properties: { fingerprint },
    })
    return revokeEverywhere(tx, user)
  })
  if (toTell) await tellNodes(toTell)

  return toTell !== undefined
}
