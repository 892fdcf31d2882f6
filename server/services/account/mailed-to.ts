import { z } from 'zod'
import { oneTimeTokenData } from '#server/database/json'
import type { OneTimeTokenRow, UserRow } from '#server/database/schema'
import { sendsMail } from '#server/services/mail/mail-server'

/** What the secret of a link keeps in mind: the address that it was mailed to. Undefined where it goes by hand. */
export async function mailedTo({ email }: Pick<UserRow, 'email'>): Promise<string | undefined> {
  return (await sendsMail()) ? z.encode(oneTimeTokenData, { mailedTo: email }) : undefined
}

/** Whoever followed it reads the mails of this address, unless the account has another one by now. */
export const provesAddress = ({ data }: OneTimeTokenRow, { email }: Pick<UserRow, 'email'>): boolean =>
  data !== null && z.decode(oneTimeTokenData, data).mailedTo === email
