import { OperatorError } from '#server/env/operator-error'

/** By what he types into a sign-in. */
export async function findPerson(login: string) {
  const { findCredential } = await import('#server/services/account/queries')
  const found = await findCredential(login)
  if (!found) throw new OperatorError(`Nobody here is called ${login}.`)
  return found.user
}
