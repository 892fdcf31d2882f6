import { and, eq } from 'drizzle-orm'
import { hashPassword, isForeignHash, verifyNobody, verifyPassword } from '#server/auth/passwords'
import { useDrizzle } from '#server/database/client'
import { accounts, type UserRow } from '#server/database/schema'
import { findCredential, type Credential } from '#server/services/account/queries'
import { takeAttempt, type Attempt } from '#server/services/throttles/take-attempt'

interface CheckCredentials {
  /** Whose tries are counted together. */
  bucket: 'sign-in' | 'sftp'
  /** A user name, or an e-mail address. */
  login: string
  password: string
  /** Of the client. */
  address: string
}

interface Checked {
  isRight: boolean
  /** Whoever the name belongs to, for the log; undefined when nobody has it. */
  user: UserRow | undefined
  /** To be given back by whoever takes a right one. */
  attempt: Attempt
}

/**
 * Whether a name and a password belong together. Unknown names, accounts without a password and wrong passwords cost the
 * same and say the same. Not asked here: suspension, a second factor.
 *
 * @throws {AppError} `sign_in.locked`, `request.too_many`
 */
export async function checkCredentials({ bucket, login, password, address }: CheckCredentials): Promise<Checked> {
  const attempt = await takeAttempt({ bucket, name: login.trim().toLowerCase(), address })
  const found = await findCredential(login)
  const isRight = await passwordMatches(found, password)
  return { isRight, user: found?.user, attempt }
}

/** Replaces a foreign hash while the password is at hand. */
export async function passwordMatches(found: Credential | undefined, password: string): Promise<boolean> {
  if (!found?.hash) return verifyNobody(password)
  const { user, hash } = found
  const isRight = await verifyPassword({ hash, password })
  if (!isRight || !isForeignHash(hash)) return isRight

  // Only while it is still the one that was proven: a change of the password in this moment stands.
  const isSame = and(eq(accounts.userId, user.id), eq(accounts.provider, 'credential'), eq(accounts.password, hash))
  await useDrizzle()
    .update(accounts)
    .set({ password: await hashPassword(password) })
    .where(isSame)
  return true
}
