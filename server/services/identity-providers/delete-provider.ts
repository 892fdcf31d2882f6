import { eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { accounts, identityProviders } from '#server/database/schema'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { keepWayIn } from './keep-way-in'
import { getProviderView } from './queries'
import { told } from './save-provider'

/** With it go the connections of everybody: a later one of the same id must know nobody. @throws {AppError} `resource.not_found`, `sign_in.password_needed` */
export async function deleteProvider({ actor, id }: { actor: Actor; id: string }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const { provider } = await getProviderView(id, tx)
    await tx.delete(identityProviders).where(eq(identityProviders.id, id))
    const gone = await tx.delete(accounts).where(eq(accounts.provider, id)).returning({ id: accounts.id })
    await keepWayIn(tx)
    await recordActivity(tx, {
      actor,
      event: 'admin:identity-provider.delete',
      target: { type: 'identity_provider', id },
      properties: { before: told(provider), accounts: gone.length },
    })
    await notify(tx, 'administration', { what: 'identity_providers' })
  })
}
