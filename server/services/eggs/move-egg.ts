import { eq } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { eggs, nests, servers, type EggRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { isTakenFrom } from '#server/services/eggs/check-parents'

/**
 * To another nest, with its servers, in the caller's transaction. Eggs take from each other within one nest: what would be
 * torn apart stays.
 *
 * @throws {AppError} `request.invalid`
 */
export async function moveEgg(
  tx: Executor,
  egg: Pick<EggRow, 'id' | 'nestId'>,
  { nestId, configFrom, copyScriptFrom }: Pick<EggRow, 'nestId' | 'configFrom' | 'copyScriptFrom'>,
): Promise<void> {
  const [nest] = await tx.select({ id: nests.id }).from(nests).where(eq(nests.id, nestId)).for('share')
  if (!nest) throw refusedField('nest', 'exists', 'The selected nest is invalid.')
  if (configFrom !== null || copyScriptFrom !== null || (await tx.$count(eggs, isTakenFrom(egg))) > 0)
    throw refusedField('nest', 'one_nest', 'An egg that takes from others, or is taken from, stays in their nest.')
  await tx.update(eggs).set({ nestId }).where(eq(eggs.id, egg.id))
  await tx.update(servers).set({ nestId }).where(eq(servers.eggId, egg.id))
}
