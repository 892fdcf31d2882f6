import { and, lt, notExists, sql, type SQL } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { eggs, images, servers, settings, users } from '#server/database/schema'

const KEPT_MS = 86_400_000

/** Takes away what nothing refers to any more, such as the avatars of deleted people. A new one may not be referred to yet. */
export async function pruneImages(): Promise<void> {
  const db = useDrizzle()
  const nowhere = (table: typeof users | typeof servers | typeof eggs | typeof settings, is: SQL) =>
    notExists(
      db
        .select({ one: sql`1` })
        .from(table)
        .where(is),
    )

  await db
    .delete(images)
    .where(
      and(
        lt(images.createdAt, new Date(Date.now() - KEPT_MS).toISOString()),
        nowhere(users, sql`${users.image} = ${images.id}`),
        nowhere(servers, sql`${servers.iconId} = ${images.id}`),
        nowhere(eggs, sql`${eggs.iconId} = ${images.id}`),
        nowhere(settings, sql`${settings.value} = to_json(${images.id})::text`),
      ),
    )
}
