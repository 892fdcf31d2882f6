import { and, eq, or } from 'drizzle-orm'
import type { Executor } from '#server/database/client'
import { eggs, type EggRow } from '#server/database/schema'
import { refusedField } from '#server/errors'

interface Parents {
  /** Null for an egg that is being made. */
  egg: Pick<EggRow, 'id'> | null
  nestId: string
  configFrom: string | null
  copyScriptFrom: string | null
}

/**
 * An egg takes fields and scripts from eggs of its nest, over one level: from one that takes itself, or by one that is
 * taken from, it may not.
 *
 * @throws {AppError} `request.invalid`
 */
export async function checkParents(tx: Executor, { egg, nestId, configFrom, copyScriptFrom }: Parents): Promise<void> {
  await checkOne(tx, 'config.extends', { egg, nestId, from: configFrom, column: 'configFrom' })
  await checkOne(tx, 'script.extends', { egg, nestId, from: copyScriptFrom, column: 'copyScriptFrom' })
}

interface Link {
  egg: Parents['egg']
  nestId: string
  from: string | null
  column: 'configFrom' | 'copyScriptFrom'
}

async function checkOne(tx: Executor, field: string, { egg, nestId, from, column }: Link): Promise<void> {
  if (from === null) return
  const [parent] = await tx
    .select({ from: eggs[column] })
    .from(eggs)
    .where(and(eq(eggs.id, from), eq(eggs.nestId, nestId)))
    .for('share')
  if (!parent || from === egg?.id) throw refusedField(field, 'exists', `The selected ${field} is invalid.`)
  if (parent.from !== null)
    throw refusedField(field, 'one_level', `The selected ${field} takes from another egg itself.`)
  if (egg && (await tx.$count(eggs, eq(eggs[column], egg.id))) > 0)
    throw refusedField(field, 'one_level', `Other eggs take from this one, so its ${field} must be empty.`)
}

export const isTakenFrom = (egg: Pick<EggRow, 'id'>) => or(eq(eggs.configFrom, egg.id), eq(eggs.copyScriptFrom, egg.id))
