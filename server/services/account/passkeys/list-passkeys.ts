import { asc, eq } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { passkeys, type PasskeyRow } from '#server/database/schema'

/** Somebody's own, the oldest first. Their number is limited where they are made. */
export const listPasskeys = (userId: string): Promise<PasskeyRow[]> =>
  useDrizzle()
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id))
