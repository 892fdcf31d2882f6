import { asc, eq } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { identityProviders } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'

/** The named ones first, in this order; the rest as they were. @throws {AppError} `request.invalid` */
export async function orderProviders({ actor, ids }: { actor: Actor; ids: readonly string[] }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const rows = await tx
      .select({ id: identityProviders.id })
      .from(identityProviders)
      .orderBy(asc(identityProviders.position), asc(identityProviders.id))
      .for('update')
    const known = rows.map(({ id }) => id)
    if (ids.some((id) => !known.includes(id))) throw refusedField('ids', 'exists', 'The selected ids is invalid.')

    const order = [...new Set([...ids, ...known])]
    for (const [position, id] of order.entries())
      await tx.update(identityProviders).set({ position }).where(eq(identityProviders.id, id))
    await recordActivity(tx, {
      actor,
      event: 'admin:identity-provider.order',
      target: { type: 'identity_provider', id: null },
      properties: { before: known, after: order },
    })
    await notify(tx, 'administration', { what: 'identity_providers' })
  })
}
