import { OperatorError } from '#server/env/operator-error'
import type { UserRow } from '#server/database/schema'

/** By what he types into a sign-in. */
export async function findPerson(login: string): Promise<UserRow> {
  const { findCredential } = await import('#server/services/account/queries')
  const found = await findCredential(login)
  if (!found) throw new OperatorError(`Nobody here is called ${login}.`)
  return found.user
}
