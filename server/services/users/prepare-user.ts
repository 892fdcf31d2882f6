import { hashPassword } from '#server/auth/passwords'
import type { Executor } from '#server/database/client'
import { now } from '#server/database/columns'
import { only } from '#server/database/rows'
import { accounts, users, type UserRow } from '#server/database/schema'

export interface NewUser {
  /** As typed: stored in lower case, and shown like this. */
  username: string
  email: string
  nameFirst?: string | null
  nameLast?: string | null
  rootAdmin?: boolean
  language: string
  timeZone?: string
  externalId?: string | null
  isManagedExternally?: boolean
  /** When it was proven that the address is his; left out, it was not. */
  emailVerified?: string
}

/** Hashes the password, which takes its time, and returns what writes the user in the caller's transaction. */
export async function prepareUser(
  asked: NewUser,
  password: string | null,
): Promise<(tx: Executor) => Promise<UserRow>> {
  const hash = password === null ? null : await hashPassword(password)
  return (tx) => insertUser(tx, asked, hash)
}

/** The user and the account that holds his password; without one he cannot sign in until he followed a link. */
async function insertUser(
  tx: Executor,
  { username, email, rootAdmin = false, ...rest }: NewUser,
  passwordHash: string | null,
): Promise<UserRow> {
  const user = only(
    await tx
      .insert(users)
      .values({
        ...rest,
        username: username.toLowerCase(),
        displayUsername: username,
        email: email.toLowerCase(),
        password: '',
        rootAdmin,
        role: rootAdmin ? 'admin' : 'user',
        passwordChangedAt: passwordHash === null ? null : now(),
      })
      .returning(),
  )

  await tx.insert(accounts).values({
    userId: user.id,
    type: 'credential',
    provider: 'credential',
    providerId: 'credential',
    providerAccountId: user.id,
    accountId: user.id,
    password: passwordHash,
  })
  return user
}
