import { randomUUID } from 'node:crypto'
import { eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { isUniqueViolation } from '#server/database/errors'
import { only } from '#server/database/rows'
import { eggs, eggVariables, type EggRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { insertNest, ownAuthor } from '#server/services/nests/save-nest'
import { changeProperties } from '#server/services/eggs/difference'
import { sourceValues, valuesOf, variableValues } from '#server/services/eggs/egg-row'
import type { EggFile } from '#server/services/eggs/format/read-egg-file'
import { IMPORTED_NEST, planImport, type ImportPlan, type ImportTarget } from '#server/services/eggs/plan-import'
import { assertScriptRight, NO_SCRIPT } from '#server/services/eggs/script-right'

interface ImportEgg extends ImportTarget {
  actor: Actor
  /** Of the egg whose differences were shown: what somebody wrote into it since then would be lost unseen. */
  eggHash?: string | null
  icon?: string | null
}

/**
 * Makes an egg of a file, or overwrites one. Then all that the file says counts, except uuid, nest, author and parents,
 * and variables that it does not name are gone, with the values servers gave them.
 *
 * @throws {AppError} `request.invalid`, `egg.script_forbidden`, `egg.changed_meanwhile`
 */
export async function importEgg({ actor, icon, ...target }: ImportEgg): Promise<EggRow> {
  const author = await ownAuthor()
  const run = () => useDrizzle().transaction((tx) => importInto(tx, { actor, author, icon, ...target }))
  // Somebody else made the egg of this uuid meanwhile: now there is one to overwrite.
  return run().catch((error: unknown) => {
    if (isUniqueViolation(error)) return run()
    throw error
  })
}

/** Joins the caller's transaction. */
export async function importInto(
  tx: Executor,
  { actor, author, icon, eggHash, ...target }: ImportEgg & { author: string },
): Promise<EggRow> {
  const plan = await planImport(tx, target)
  if (eggHash && eggHash !== plan.eggHash) throw new AppError('egg.changed_meanwhile')
  assertScriptRight(actor, plan.egg ?? NO_SCRIPT, valuesOf(plan.definition))

  const row = plan.egg
    ? await overwrite(tx, plan.egg, plan, target.file)
    : await insert(tx, { actor, author, icon, plan, file: target.file })
  const properties = { name: row.name, format: target.file.format, ...(plan.egg && changeProperties(plan.changes)) }
  await recordActivity(tx, { actor, event: 'admin:egg.import', target: { type: 'egg', id: row.id }, properties })
  await notify(tx, 'administration', { what: 'eggs' })
  return row
}

async function insert(
  tx: Executor,
  {
    actor,
    author,
    icon,
    plan,
    file,
  }: { actor: Actor; author: string; icon?: string | null; plan: ImportPlan; file: EggFile },
): Promise<EggRow> {
  const nest = plan.nest ?? (await insertNest(tx, { actor, author, asked: { name: IMPORTED_NEST } }))
  const values = {
    uuid: file.definition.uuid ?? randomUUID(),
    nestId: nest.id,
    icon: icon ?? null,
    ...valuesOf(plan.definition),
    ...sourceValues(file),
    updateHash: file.hash,
  }
  const row = only(await tx.insert(eggs).values(values).returning())
  if (plan.definition.variables.length > 0) {
    await tx
      .insert(eggVariables)
      .values(plan.definition.variables.map((variable) => ({ eggId: row.id, ...variableValues(variable) })))
  }
  return row
}

async function overwrite(
  tx: Executor,
  egg: EggRow,
  { definition, variables }: ImportPlan,
  file: EggFile,
): Promise<EggRow> {
  const row = only(
    await tx
      .update(eggs)
      .set({
        ...valuesOf(definition),
        ...sourceValues(file),
        updateHash: file.hash,
        updateAvailable: false,
      })
      .where(eq(eggs.id, egg.id))
      .returning(),
  )

  const kept = new Set(definition.variables.map(({ envVariable }) => envVariable))
  const gone = variables.filter(({ envVariable }) => !kept.has(envVariable)).map(({ id }) => id)
  if (gone.length > 0) await tx.delete(eggVariables).where(inArray(eggVariables.id, gone))
  for (const variable of definition.variables) {
    const old = variables.find(({ envVariable }) => envVariable === variable.envVariable)
    if (old) await tx.update(eggVariables).set(variableValues(variable)).where(eq(eggVariables.id, old.id))
    else await tx.insert(eggVariables).values({ eggId: egg.id, ...variableValues(variable) })
  }
  return row
}
