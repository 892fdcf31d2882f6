import { and, eq, inArray } from 'drizzle-orm'
import type { Actor } from '#server/auth/actor'
import { now } from '#server/database/columns'
import { useDrizzle, type Executor } from '#server/database/client'
import { eggs, servers, serverVariables, type EggRow, type ServerRow, type WingsNodeRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { notify } from '#server/events/notify'
import { recordActivity } from '#server/services/activity/record-activity'
import { imagesOf } from '#server/services/eggs/egg-row'
import { variablesOf } from '#server/services/eggs/queries'
import { parseRules, validate } from '#shared/utils/egg-variables'
import { lockServer } from './lock-server'
import { markForSync, tellNode } from './sync-server'
import { storeVariables } from './update-startup'

/** What becomes of one variable under another egg. */
export interface VariableMove {
  name: string
  envVariable: string
  /** Null: it does not exist before, or after. */
  before: string | null
  after: string | null
  /** Whether its value keeps its rules; a default of an egg need not. */
  isValid: boolean
}

export interface EggMove {
  egg: EggRow
  image: string
  startup: string
  variables: VariableMove[]
  values: { variableId: string; value: string }[]
}

interface EggChoice {
  eggId: string
  /** Values of variables that both eggs have, and those that rest since it had this egg, as far as the new rules take them. */
  keepsVariables: boolean
}

/** What another egg would make of a server; nothing is changed. @throws {AppError} `request.invalid` */
export const previewEggChange = (server: ServerRow, choice: EggChoice): Promise<EggMove> =>
  useDrizzle().transaction((tx) => planEggChange(tx, server, choice))

/**
 * Gives a server another egg, with the first image and command of that. Nothing is reinstalled, and the values of the former
 * egg rest, should it return and values be kept.
 *
 * @throws {AppError} `request.invalid`
 */
export async function changeEgg({
  actor,
  server,
  node,
  ...choice
}: EggChoice & { actor: Actor; server: ServerRow; node: WingsNodeRow }): Promise<void> {
  await useDrizzle().transaction(async (tx) => {
    const current = await lockServer(tx, server.id)
    const { egg, image, startup, variables, values } = await planEggChange(tx, current, choice)

    const ids = (await variablesOf(egg.id, tx)).map(({ id }) => id)
    if (ids.length > 0)
      await tx
        .delete(serverVariables)
        .where(and(eq(serverVariables.serverId, server.id), inArray(serverVariables.variableId, ids)))
    await storeVariables(tx, server.id, values)
    const next = { eggId: egg.id, nestId: egg.nestId, image, dockerImage: image, startup }
    await tx
      .update(servers)
      .set({ ...next, configurationChangedAt: now() })
      .where(eq(servers.id, server.id))
    await markForSync(tx, current)

    const before = Object.fromEntries(Object.keys(next).map((key) => [key, current[key as keyof typeof next]]))
    await recordActivity(tx, {
      actor,
      event: 'admin:server.startup',
      target: { type: 'server', id: server.id },
      subjects: [{ type: 'egg', id: egg.id }],
      properties: {
        before,
        after: next,
        kept: variables.filter(({ before: was, after }) => was !== null && was === after).map((one) => one.envVariable),
      },
    })
    await notify(tx, 'server', { serverId: server.id, what: 'startup' })
  })
  await tellNode(server, node)
}

async function planEggChange(tx: Executor, server: ServerRow, { eggId, keepsVariables }: EggChoice): Promise<EggMove> {
  const [egg] = await tx.select().from(eggs).where(eq(eggs.id, eggId))
  if (!egg || egg.id === server.eggId) throw refusedField('egg', 'exists', 'The selected egg is invalid.')

  const [former, coming] = [await variablesOf(server.eggId, tx), await variablesOf(egg.id, tx)]
  const stored = await tx.select().from(serverVariables).where(eq(serverVariables.serverId, server.id))
  const storedOf = (variable?: { id: string }) => stored.find(({ variableId }) => variableId === variable?.id)?.value
  const held = new Map(
    former.map((variable) => [variable.envVariable, storedOf(variable) ?? variable.defaultValue ?? '']),
  )

  const values: EggMove['values'] = []
  const variables = coming.map<VariableMove>((variable) => {
    const { id: variableId, name, envVariable } = variable
    const like = variable.defaultValue ?? ''
    const keepsRules = (value: string) => validate(value, parseRules(variable.rules), { name, like }).length === 0
    const before = held.get(envVariable) ?? null
    // What was set counts before what rests, and that before what is only the former egg's default.
    const set = storedOf(former.find((one) => one.envVariable === envVariable))
    const kept = keepsVariables ? [set, storedOf(variable), before].find((one) => one != null && keepsRules(one)) : null
    if (kept != null) values.push({ variableId, value: kept })
    const after = kept ?? like
    return { name, envVariable, before, after, isValid: keepsRules(after) }
  })
  const gone = former
    .filter(({ envVariable }) => !coming.some((variable) => variable.envVariable === envVariable))
    .map<VariableMove>(({ name, envVariable }) => ({
      name,
      envVariable,
      before: held.get(envVariable) ?? null,
      after: null,
      isValid: true,
    }))
  const image = imagesOf(egg)[0]?.[1] ?? egg.dockerImage
  return { egg, image, startup: egg.startup, variables: [...variables, ...gone], values }
}
