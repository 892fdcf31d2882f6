import { and, eq, isNull } from 'drizzle-orm'
import { useDrizzle } from '#server/database/client'
import { recoveryCodes } from '#server/database/schema'

/** How many somebody has left. */
export const countRecoveryCodes = (userId: string): Promise<number> =>
  useDrizzle().$count(recoveryCodes, and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
