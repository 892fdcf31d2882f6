import { isDeepStrictEqual } from 'node:util'
import type { EggDefinition, VariableDefinition } from '#server/services/eggs/format/egg-definition'

export interface Change {
  field: string
  before: string | null
  after: string | null
}

export interface VariableChange {
  env_variable: string
  name: string
  kind: 'added' | 'removed' | 'changed'
  changes: Change[]
}

/** Fields in the words of the files, in their order. */
const FIELDS: [field: string, read: (egg: EggDefinition) => unknown][] = [
  ['name', (egg) => egg.name],
  ['author', (egg) => egg.author],
  ['description', (egg) => egg.description],
  ['tags', (egg) => egg.tags],
  ['features', (egg) => egg.features],
  ['docker_images', (egg) => egg.dockerImages.map((pair) => pair.join(' | '))],
  ['file_denylist', (egg) => egg.fileDenylist],
  ['startup', (egg) => egg.startup],
  ['startup_commands', (egg) => egg.startupCommands?.map((pair) => pair.join(': ')) ?? null],
  ['update_url', (egg) => egg.updateUrl],
  ['config.files', (egg) => egg.config.files],
  ['config.startup', (egg) => egg.config.startup],
  ['config.logs', (egg) => egg.config.logs],
  ['config.stop', (egg) => egg.config.stop],
  ['script.install', (egg) => egg.script.install],
  ['script.container', (egg) => egg.script.container],
  ['script.entry', (egg) => egg.script.entry],
]

const VARIABLE_FIELDS: [field: string, read: (variable: VariableDefinition) => unknown][] = [
  ['name', (variable) => variable.name],
  ['description', (variable) => variable.description],
  ['default_value', (variable) => variable.defaultValue],
  ['rules', (variable) => variable.rules],
  ['user_viewable', (variable) => variable.userViewable],
  ['user_editable', (variable) => variable.userEditable],
  ['sort', (variable) => variable.sort],
]

const printed = (value: unknown): string | null =>
  value === null || value === undefined
    ? null
    : Array.isArray(value)
      ? value.join('\n')
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)

/** Nothing, an empty text and an empty list look alike, and mean the same. */
const said = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0) ? '' : value

function changesOf<Subject>(
  fields: [string, (subject: Subject) => unknown][],
  before: Subject | null,
  after: Subject | null,
): Change[] {
  return fields.flatMap(([field, read]) => {
    const [one, other] = [before && read(before), after && read(after)]
    return isDeepStrictEqual(said(one), said(other)) ? [] : [{ field, before: printed(one), after: printed(other) }]
  })
}

/** What becomes of an egg, field by field; without one, all that a new one is. */
export const eggChanges = (before: EggDefinition | null, after: EggDefinition): Change[] =>
  changesOf(FIELDS, before, after)

/** By the name in the environment, which is what a variable is known by. */
export function variableChanges(
  before: readonly VariableDefinition[],
  after: readonly VariableDefinition[],
): VariableChange[] {
  const find = (list: readonly VariableDefinition[], name: string) =>
    list.find((variable) => variable.envVariable === name) ?? null
  const kept = after.flatMap<VariableChange>((variable) => {
    const old = find(before, variable.envVariable)
    const changes = changesOf(VARIABLE_FIELDS, old, variable)
    if (old && changes.length === 0) return []
    return [{ env_variable: variable.envVariable, name: variable.name, kind: old ? 'changed' : 'added', changes }]
  })
  const gone = before.filter((variable) => !find(after, variable.envVariable))
  return [
    ...kept,
    ...gone.map<VariableChange>((variable) => ({
      env_variable: variable.envVariable,
      name: variable.name,
      kind: 'removed',
      changes: changesOf(VARIABLE_FIELDS, variable, null),
    })),
  ]
}

/** For the log: long texts only by their beginnings. */
export function changeProperties(changes: readonly Change[]): {
  before: Record<string, string | null>
  after: Record<string, string | null>
} {
  const short = (text: string | null) => (text !== null && text.length > 200 ? `${text.slice(0, 200)}…` : text)
  return {
    before: Object.fromEntries(changes.map(({ field, before }) => [field, short(before)])),
    after: Object.fromEntries(changes.map(({ field, after }) => [field, short(after)])),
  }
}
