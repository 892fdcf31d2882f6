import { and, eq } from 'drizzle-orm'
import type { Person } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { eggVariables, servers, serverVariables, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { AppError, refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { masked, namesSecret } from '#server/services/activity/without-secrets'
import { looksAtOthers, parseRules, validate, variableText } from '#shared/utils/egg-variables'
import { lockServer } from './lock-server'
import { markForSync, tellNode } from './sync-server'
import { storeVariables } from './update-startup'

interface SetVariable {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
  /** Its name in the environment. */
  key: string
  value: unknown
}

/**
 * Gives one variable another value, from the next start on: one that players may see and change, held to its rules. Said
 * again with the same value it is written down all the same, as the API has it, and the node hears nothing.
 *
 * @throws {AppError} `startup.variable_unknown`, `startup.variable_fixed`, `request.invalid` at `value`
 */
export async function setVariable({ actor, server, node, key, value }: SetVariable): Promise<void> {
  const changed = await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const [found] = await tx
      .select({ variable: eggVariables, stored: serverVariables.value })
      .from(eggVariables)
      .leftJoin(
        serverVariables,
        and(eq(serverVariables.variableId, eggVariables.id), eq(serverVariables.serverId, current.id)),
      )
      .where(and(eq(eggVariables.eggId, current.eggId), eq(eggVariables.envVariable, key)))
    // What is hidden does not exist for players.
    if (!found?.variable.userViewable) throw new AppError('startup.variable_unknown')
    const { variable, stored } = found
    if (!variable.userEditable) throw new AppError('startup.variable_fixed')

    const text = variableText(value)
    if (text === undefined) throw refusedField('value', 'string', 'The value must be a string.')
    const rules = parseRules(variable.rules)
    const others = looksAtOthers(rules) ? await valuesOf(tx, current) : undefined
    const failures = validate(text, rules, {
      like: variable.defaultValue,
      ...(others && { others: (name: string) => others.get(name) }),
    })
    if (failures.length > 0)
      throw new AppError('request.invalid', { fields: failures.map((failure) => ({ field: 'value', ...failure })) })

    const told = namesSecret(key) ? masked : (value: string) => value
    await recordActivity(tx, {
      actor,
      event: 'server:startup.edit',
      target: { type: 'server', id: server.id },
      properties: { variable: key, old: told(stored ?? variable.defaultValue ?? ''), new: told(text) },
    })
    if (stored === text) return false

    await storeVariables(tx, current.id, [{ variableId: variable.id, value: text }])
    await tx.update(servers).set({ configurationChangedAt: now() }).where(eq(servers.id, current.id))
    await markForSync(tx, current)
    await notify(tx, 'server', { serverId: current.id, what: 'startup' })
    return true
  })
  if (changed) await tellNode(server, node)
}

/** What each variable of its egg is set to, by its name. */
async function valuesOf(tx: Executor, server: ServerRow): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .select({ name: eggVariables.envVariable, usual: eggVariables.defaultValue, stored: serverVariables.value })
    .from(eggVariables)
    .leftJoin(
      serverVariables,
      and(eq(serverVariables.variableId, eggVariables.id), eq(serverVariables.serverId, server.id)),
    )
    .where(eq(eggVariables.eggId, server.eggId))
  return new Map(rows.map(({ name, usual, stored }) => [name, stored ?? usual ?? '']))
}
