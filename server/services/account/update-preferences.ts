import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import { userPreferences } from '#server/database/json'
import { users } from '#server/database/schema'

type Stored = z.output<typeof userPreferences>

/** How somebody likes the panel; what was stored in a form that is not known any more counts as nothing. */
function preferencesOf(text: string | null): Stored {
  const read = text === null ? undefined : z.safeDecode(userPreferences, text)
  return read?.success ? read.data : {}
}

/** Merges a change into the preferences: null takes one back to its default. No event: it concerns nobody else. */
export async function updatePreferences({ actor, change }: { actor: Person; change: Stored }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const [row] = await tx
      .select({ preferences: users.preferences })
      .from(users)
      .where(eq(users.id, actor.userId))
      .for('update')
    const merged = { ...preferencesOf(row?.preferences ?? null), ...change }
    const kept = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
    ) as Stored
    await tx
      .update(users)
      .set({ preferences: z.encode(userPreferences, kept) })
      .where(eq(users.id, actor.userId))
  })
}
