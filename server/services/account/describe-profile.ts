import { useDrizzle } from '#server/database/client'
import type { UserRow } from '#server/database/schema'
import { findWaitingEmail } from './email-link'
import { getCredentialOf } from './queries'
import { countRecoveryCodes } from './two-factor/count-recovery-codes'

interface Profile {
  user: UserRow
  hasPassword: boolean
  recoveryCodesLeft: number
  /** The address that is to be, once its link is followed. */
  waitingEmail: string | null
}

/** @throws {AppError} `auth.required` when he was deleted since */
export async function describeProfile(userId: string): Promise<Profile> {
  const [{ user, hash }, recoveryCodesLeft, waitingEmail] = await Promise.all([
    getCredentialOf(userId),
    countRecoveryCodes(userId),
    findWaitingEmail(useDrizzle(), userId),
  ])
  return { user, hasPassword: hash !== null, recoveryCodesLeft, waitingEmail }
}
