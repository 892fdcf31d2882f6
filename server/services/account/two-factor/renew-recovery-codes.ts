import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { AppError } from '#server/errors'
import { provePassword } from '#server/services/account/prove-password'
import { recordActivity } from '#server/services/activity/record-activity'
import { makeRecoveryCodes } from './make-recovery-codes'

interface RenewRecoveryCodes {
  actor: Person
  password: string
}

/**
 * A new set of recovery codes for whoever has used his up or lost them. The old ones end.
 *
 * @throws {AppError} `two_factor.password_wrong`, `two_factor.off`, `sign_in.locked`
 */
export async function renewRecoveryCodes({ actor, password }: RenewRecoveryCodes): Promise<string[]> {
  await provePassword({ actor, password, unlessNone: true, refusal: 'two_factor.password_wrong' })
  return useDrizzle().transaction(async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.id, actor.userId)).for('update')
    if (!user?.useTotp) throw new AppError('two_factor.off')
    await recordActivity(tx, { actor, event: 'user:recovery-codes.create', target: { type: 'user', id: user.id } })
    return makeRecoveryCodes(tx, user.id)
  })
}
