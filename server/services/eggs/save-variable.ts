import { and, eq, max } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { useDrizzle, type Executor } from '#server/database/client'
import { only } from '#server/database/rows'
import { eggVariables, type EggRow, type EggVariableRow } from '#server/database/schema'
import { AppError, refusedField, type FieldFailure } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import type { CreateEggVariableBody, UpdateEggVariableBody } from '#shared/contracts/application/eggs'
import { parseRules, unknownRules, variableText } from '#shared/utils/egg-variables'
import { changeProperties, variableChanges } from '#server/services/eggs/difference'
import { EGG_LIMITS, isReserved } from '#server/services/eggs/format/check-definition'
import type { VariableDefinition } from '#server/services/eggs/format/egg-definition'
import { lockEgg, variablesOf } from '#server/services/eggs/queries'

interface CreateVariable {
  actor: Actor
  egg: Pick<EggRow, 'id'>
  asked: CreateEggVariableBody
}

/** At the end of the list. @throws {AppError} `request.invalid` */
export function createVariable({ actor, egg, asked }: CreateVariable): Promise<EggVariableRow> {
  return useDrizzle().transaction(async (tx) => {
    const { name: eggName } = await lockEgg(tx, egg.id)
    const variable = changed(null, asked)
    await check(tx, egg, variable, null)
    const [last] = await tx
      .select({ sort: max(eggVariables.sort) })
      .from(eggVariables)
      .where(eq(eggVariables.eggId, egg.id))
    // Where none has a place, the order in which they were made is the order.
    const sort = last?.sort === null || last?.sort === undefined ? null : last.sort + 1
    const row = only(
      await tx
        .insert(eggVariables)
        .values({ eggId: egg.id, ...variable, sort })
        .returning(),
    )
    await recordActivity(tx, {
      actor,
      event: 'admin:egg-variable.create',
      target: { type: 'egg_variable', id: row.id },
      subjects: [{ type: 'egg', id: egg.id }],
      properties: { egg: eggName, variable: row.envVariable },
    })
    await notify(tx, 'administration', { what: 'eggs' })
    return row
  })
}

interface UpdateVariable {
  actor: Actor
  egg: Pick<EggRow, 'id'>
  variable: EggVariableRow
  asked: UpdateEggVariableBody
}

/** What is left out stays. Values that servers have stored stay, too, under a new name. @throws {AppError} `request.invalid` */
export function updateVariable({ actor, egg, variable: { id }, asked }: UpdateVariable): Promise<EggVariableRow> {
  return useDrizzle().transaction(async (tx) => {
    const { name: eggName } = await lockEgg(tx, egg.id)
    const [current] = await tx
      .select()
      .from(eggVariables)
      .where(and(eq(eggVariables.id, id), eq(eggVariables.eggId, egg.id)))
    if (!current) throw new AppError('resource.not_found')

    const next = changed(current, asked)
    await check(tx, egg, next, current)
    const row = only(await tx.update(eggVariables).set(next).where(eq(eggVariables.id, id)).returning())
    const named = (one: EggVariableRow): VariableDefinition => ({
      ...one,
      envVariable: '',
      description: one.description ?? '',
      defaultValue: one.defaultValue ?? '',
      rules: one.rules ?? '',
    })
    const renamed =
      current.envVariable === row.envVariable
        ? []
        : [{ field: 'env_variable', before: current.envVariable, after: row.envVariable }]
    const changes = [...renamed, ...(variableChanges([named(current)], [named(row)])[0]?.changes ?? [])]
    if (changes.length > 0) {
      await recordActivity(tx, {
        actor,
        event: 'admin:egg-variable.update',
        target: { type: 'egg_variable', id },
        subjects: [{ type: 'egg', id: egg.id }],
        properties: { egg: eggName, variable: row.envVariable, ...changeProperties(changes) },
      })
      await notify(tx, 'administration', { what: 'eggs' })
    }
    return row
  })
}

interface DeleteVariable {
  actor: Actor
  egg: Pick<EggRow, 'id' | 'name'>
  variable: EggVariableRow
}

/** Values that servers gave it go with it. @throws {AppError} `resource.not_found` */
export async function deleteVariable({ actor, egg, variable }: DeleteVariable): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    await lockEgg(tx, egg.id)
    const gone = await tx
      .delete(eggVariables)
      .where(eq(eggVariables.id, variable.id))
      .returning({ id: eggVariables.id })
    if (gone.length === 0) throw new AppError('resource.not_found')
    await recordActivity(tx, {
      actor,
      event: 'admin:egg-variable.delete',
      target: { type: 'egg_variable', id: variable.id },
      subjects: [{ type: 'egg', id: egg.id }],
      properties: { egg: egg.name, variable: variable.envVariable },
    })
    await notify(tx, 'administration', { what: 'eggs' })
  })
}

interface OrderVariables {
  actor: Actor
  egg: Pick<EggRow, 'id'>
  ids: readonly string[]
}

/** Each of them once. @throws {AppError} `request.invalid` */
export function orderVariables({ actor, egg, ids }: OrderVariables): Promise<EggVariableRow[]> {
  return useDrizzle().transaction(async (tx) => {
    const { name } = await lockEgg(tx, egg.id)
    const rows = await variablesOf(egg.id, tx)
    if (ids.length !== rows.length || new Set(ids).size !== ids.length || rows.some(({ id }) => !ids.includes(id)))
      throw refusedField('order', 'in', 'The order must name each variable of the egg once.')

    for (const [index, id] of ids.entries())
      await tx
        .update(eggVariables)
        .set({ sort: index + 1 })
        .where(eq(eggVariables.id, id))
    await recordActivity(tx, {
      actor,
      event: 'admin:egg.update',
      target: { type: 'egg', id: egg.id },
      properties: { name, changed: 'order of variables' },
    })
    await notify(tx, 'administration', { what: 'eggs' })
    return variablesOf(egg.id, tx)
  })
}

type Written = Pick<
  EggVariableRow,
  'name' | 'description' | 'envVariable' | 'defaultValue' | 'userViewable' | 'userEditable' | 'rules'
>

function changed(current: EggVariableRow | null, asked: UpdateEggVariableBody): Written {
  const rules = Array.isArray(asked.rules) ? asked.rules.join('|') : asked.rules
  const usual = asked.default_value === undefined ? current?.defaultValue : variableText(asked.default_value)
  return {
    name: asked.name ?? current?.name ?? '',
    description: (asked.description === undefined ? current?.description : asked.description) ?? '',
    envVariable: asked.env_variable ?? current?.envVariable ?? '',
    defaultValue: usual ?? '',
    userViewable: asked.user_viewable ?? current?.userViewable ?? false,
    userEditable: asked.user_editable ?? current?.userEditable ?? false,
    rules: (rules === undefined ? current?.rules : rules) ?? '',
  }
}

/** A name or a rule that came with an import may stay as it is; a new one is held to what works here. */
async function check(
  tx: Executor,
  egg: Pick<EggRow, 'id'>,
  variable: Written,
  current: EggVariableRow | null,
): Promise<void> {
  const fields: FieldFailure[] = []
  const others = (await variablesOf(egg.id, tx)).filter(({ id }) => id !== current?.id)
  const name = variable.envVariable
  if (name !== current?.envVariable) {
    if (isReserved(name))
      fields.push({ field: 'env_variable', rule: 'not_in', detail: `The env variable is reserved: ${name}.` })
    if (others.some(({ envVariable }) => envVariable.toUpperCase() === name.toUpperCase()))
      fields.push({ field: 'env_variable', rule: 'unique', detail: 'The env variable has already been taken.' })
  }
  if (!current && others.length >= EGG_LIMITS.variables)
    fields.push({
      field: 'env_variable',
      rule: 'max',
      detail: `An egg may not have more than ${EGG_LIMITS.variables} variables.`,
      values: { max: EGG_LIMITS.variables },
    })
  if (variable.rules !== current?.rules) {
    for (const rule of unknownRules(parseRules(variable.rules)))
      fields.push({
        field: 'rules',
        rule: 'rules',
        detail: `The validation rule "${rule}" is not a valid rule for this application.`,
        values: { value: rule },
      })
  }
  if (fields.length > 0) throw new AppError('request.invalid', { fields })
}
