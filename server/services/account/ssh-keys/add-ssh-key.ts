import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { only } from '#server/database/rows'
import { sshKeys, users, type SshKeyRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'
import { refuseLesserDoors } from './refuse-lesser-doors'
import { SSH_KEYS_MAX } from './queries'
import { readPublicKey, type KeyFault } from './read-public-key'

interface AddSshKey {
  actor: Person
  name: string
  /** As it was pasted. */
  publicKey: string
}

const FAULTS: Record<KeyFault | 'exists', string> = {
  malformed: 'The public key provided is not valid.',
  private: 'The public key provided is not valid.',
  dsa: 'DSA keys are not supported.',
  short: 'RSA keys must be at least 2048 bytes in length.',
  exists: 'The public key provided already exists on your account.',
}

/** Clients know these sentences without a rule. `sentence` is ours: by it a page says the same in the reader's language. */
const refusedFor = (fault: KeyFault | 'exists') =>
  new AppError('request.invalid', {
    fields: [{ field: 'public_key', rule: '', detail: FAULTS[fault], values: { sentence: `ssh_key_${fault}` } }],
  })

/**
 * Adds a key with which somebody signs in over SFTP, to every server where he may.
 *
 * @throws {AppError} `request.invalid` (no key, of a kind or a length that is not taken, or there already),
 * `ssh_key.limit_reached`, `auth.forbidden`
 */
export async function addSshKey({ actor, name, publicKey }: AddSshKey): Promise<SshKeyRow> {
  refuseLesserDoors(actor)
  const read = readPublicKey(publicKey)
  if (typeof read === 'string') throw refusedFor(read)
  const { algorithm, fingerprint, text } = read

  return useDrizzle().transaction(async (tx) => {
    const { userId } = actor
    // Two that count at the same moment would both find room, and both no such key.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update')
    const isSame = and(eq(sshKeys.userId, userId), eq(sshKeys.fingerprint, fingerprint))
    if ((await tx.$count(sshKeys, isSame)) > 0) throw refusedFor('exists')
    if ((await tx.$count(sshKeys, eq(sshKeys.userId, userId))) >= SSH_KEYS_MAX)
      throw new AppError('ssh_key.limit_reached')

    const row = only(
      await tx.insert(sshKeys).values({ userId, name, fingerprint, publicKey: text, algorithm }).returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'user:ssh-key.create',
      target: { type: 'user', id: userId },
      subjects: [{ type: 'ssh_key', id: row.id }],
      properties: { fingerprint },
    })
    return row
  })
}
