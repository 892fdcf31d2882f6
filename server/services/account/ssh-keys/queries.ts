import { asc, eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { sshKeys, type SshKeyRow } from '#server/database/schema'

/** How many one account may have, so that a list of them has an end. */
export const SSH_KEYS_MAX = 100

/** In the order in which they were added. */
export async function listSshKeys(userId: string): Promise<SshKeyRow[]> {
  return useDrizzle()
    .select()
    .from(sshKeys)
    .where(eq(sshKeys.userId, userId))
    .orderBy(asc(sshKeys.createdAt), asc(sshKeys.id))
}
