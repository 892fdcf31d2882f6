import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { oneTimeTokens } from '#server/database/schema'

/** Links that went to an address, or wait for one, open nothing any more once the account has another. */
export async function dropLinks(tx: Executor, userId: string): Promise<void> {
  await tx
    .delete(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        inArray(oneTimeTokens.purpose, ['password.reset', 'account.setup', 'email.change']),
        isNull(oneTimeTokens.usedAt),
      ),
    )
}
