import { randomUUID } from 'node:crypto'
import type { EggVariable, ViewedEgg } from '#server/services/servers/surroundings'
import type { server, startupVariable } from '#shared/contracts/client/servers'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, listOf } from '../envelope'
import { written } from '../written'

/** What a server has set, by the variable's id. */
export type SetValues = ReadonlyMap<string, string>

export const serializeVariable = (variable: EggVariable, values: SetValues): Wire<typeof startupVariable> =>
  itemOf('egg_variable', {
    name: variable.name,
    description: variable.description ?? '',
    env_variable: variable.env,
    default_value: variable.usual ?? '',
    server_value: values.get(variable.id) ?? null,
    is_editable: variable.editable,
    rules: variable.rules ?? '',
  })

/** The variables of an egg in JSON: up to the value of each, and what comes after the last. */
interface Template {
  upTo: { id: string; text: string }[]
  end: string
}

/** As long as the egg is kept. */
const templates = new WeakMap<ViewedEgg, Template>()

/** Hidden ones are hidden from everybody. */
export function writeVariables(
  egg: ViewedEgg,
  values: SetValues,
): Wire<typeof server>['attributes']['relationships']['variables'] {
  let template = templates.get(egg)
  if (!template) templates.set(egg, (template = templateOf(egg)))
  let text = ''
  for (const { id, text: before } of template.upTo) text += before + JSON.stringify(values.get(id) ?? null)
  return written(text + template.end)
}

function templateOf({ variables }: ViewedEgg): Template {
  const slot = randomUUID()
  const shown = variables.filter(({ viewable }) => viewable)
  const list = listOf(shown.map((variable) => serializeVariable(variable, new Map([[variable.id, slot]]))))
  const texts = JSON.stringify(list).split(JSON.stringify(slot))
  return { upTo: shown.map(({ id }, at) => ({ id, text: texts[at] ?? '' })), end: texts.at(-1) ?? '' }
}
