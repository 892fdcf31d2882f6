import { and, eq, gt, sql } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle } from '#server/database/client'
import { apiKeys, type WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { recordActivity } from '#server/services/activity/record-activity'

/** Writes down who reads a node's secret, and uses a deploy key up: of two at once, one wins. @throws {AppError} `node.token_spent` */
export async function spendDeployKey({ actor, node }: { actor: Person; node: WingsNodeRow }): Promise<void> {
  const { door } = actor
  await useDrizzle().transaction(async (tx) => {
    if (door.kind === 'deploy-key') {
      const at = now()
      const spent = {
        remaining: sql`${apiKeys.remaining} - 1`,
        lastUsedAt: at,
        lastRequest: at,
        requestCount: sql`${apiKeys.requestCount} + 1`,
      }
      const won = await tx
        .update(apiKeys)
        .set(spent)
        .where(and(eq(apiKeys.id, door.keyId), gt(apiKeys.remaining, 0)))
        .returning({ id: apiKeys.id })
      if (won.length === 0) throw new AppError('node.token_spent')
    }
    await recordActivity(tx, { actor, event: 'admin:node.configuration', target: { type: 'node', id: node.id } })
  })
}
