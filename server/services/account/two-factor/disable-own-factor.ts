import { eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { users } from '#server/database/schema'
import { tellNodes } from '#server/services/access/tell-nodes'
import { endOtherSessions } from '#server/services/account/end-other-sessions'
import { provePassword } from '#server/services/account/prove-password'
import { recordActivity } from '#server/services/activity/record-activity'
import { dropFactor } from './drop-factor'
import { mailAboutFactor } from './mail-about-factor'

interface DisableOwnFactor {
  actor: Person
  password: string
}

/**
 * Switches somebody's own second factor off, and ends every session but the one that asks. Where there is none nothing
 * happens.
 *
 * @throws {AppError} `two_factor.password_wrong`, `sign_in.locked`
 */
export async function disableOwnFactor({ actor, password }: DisableOwnFactor): Promise<void> {
  await provePassword({ actor, password, unlessNone: true, refusal: 'two_factor.password_wrong' })
  const toTell = await useDrizzle().transaction(async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.id, actor.userId)).for('update')
    if (!user?.useTotp) return []

    const revoked = await dropFactor(tx, user)
    await endOtherSessions(tx, actor)
    await recordActivity(tx, { actor, event: 'user:two-factor.delete', target: { type: 'user', id: user.id } })
    await mailAboutFactor(tx, user, 'two-factor.disabled')
    return revoked
  })
  await tellNodes(toTell)
}
