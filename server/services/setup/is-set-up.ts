import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'

let is = false

/** Whether there is anybody who can sign in. Once it is so it stays so: the last administrator cannot be deleted. */
export async function isSetUp(): Promise<boolean> {
  if (!is) is = (await useDrizzle().$count(users)) > 0
  return is
}
