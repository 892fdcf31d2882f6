import type { FieldFailure } from '#server/errors'
import { printJson } from '#shared/utils/print-json'
import { at, entryOf, type ScalarTree, type Tree } from '#shared/utils/tree'
import {
  CONFIG_PARTS,
  type ConfigPart,
  type EggDefinition,
  type EggFormat,
  type Pair,
  type VariableDefinition,
} from '#server/services/eggs/format/egg-definition'

/** More is not looked at; the check names the limit. */
const ITEMS_MAX = 10_000

/** A file's tree as an egg. What has another shape than its format says is named in `failures`, field by field. */
export function readDefinition(tree: Tree, format: EggFormat): { definition: EggDefinition; failures: FieldFailure[] } {
  const failures: FieldFailure[] = []
  const read = new FieldReader(failures)
  const { startup, startupCommands } = commandsOf(tree, format, read)

  const definition: EggDefinition = {
    uuid: format.startsWith('PLCN') ? uuidOf(tree) : null,
    name: read.text(tree, 'name') ?? '',
    author: read.text(tree, 'author') ?? '',
    description: read.text(tree, 'description'),
    tags: read.texts(entryOf(tree, 'tags'), 'tags') ?? [],
    features: read.texts(entryOf(tree, 'features'), 'features'),
    fileDenylist: read.texts(entryOf(tree, 'file_denylist'), 'file_denylist'),
    updateUrl: read.text(entryOf(tree, 'meta'), 'update_url', 'meta.update_url'),
    dockerImages: imagesOf(tree, format, read),
    startup,
    startupCommands,
    config: { ...configOf(tree, read), stop: read.text(entryOf(tree, 'config'), 'stop', 'config.stop') },
    script: {
      install: read.text(at(tree, 'scripts', 'installation'), 'script', 'scripts.installation.script'),
      container: read.text(at(tree, 'scripts', 'installation'), 'container', 'scripts.installation.container'),
      entry: read.text(at(tree, 'scripts', 'installation'), 'entrypoint', 'scripts.installation.entrypoint'),
    },
    variables: variablesOf(tree, read),
  }
  return { definition, failures }
}

class FieldReader {
  readonly failures: FieldFailure[]

  constructor(failures: FieldFailure[]) {
    this.failures = failures
  }

  refuse(field: string, rule: string, what: string): void {
    this.failures.push({ field, rule, detail: `The ${field} must be ${what}.` })
  }

  /** A text of a map; numbers and truths as they are spelled. Null where nothing is said. */
  text(of: Tree | undefined, key: string, field = key): string | null {
    const value = entryOf(of, key)
    if (!value) return null
    if (value.kind === 'scalar') return textOf(value)
    this.refuse(field, 'string', 'a string')
    return null
  }

  /** A list of texts. Some files have a map in its place, or an empty text for none. */
  texts(value: Tree | undefined, field: string): string[] | null {
    if (!value || (value.kind === 'scalar' && value.value === null)) return null
    if (value.kind === 'scalar' && value.value === '') return []
    const items =
      value.kind === 'list' ? value.items : value.kind === 'map' ? value.entries.map((entry) => entry.value) : null
    if (!items || items.some((item) => item.kind !== 'scalar')) {
      this.refuse(field, 'array', 'an array of strings')
      return null
    }
    return items.slice(0, ITEMS_MAX).flatMap((item) => textOf(item as ScalarTree) ?? [])
  }

  /** A map of texts, in its order. */
  pairs(value: Tree | undefined, field: string): Pair[] {
    if (!value || (value.kind === 'list' && value.items.length === 0)) return []
    if (value.kind !== 'map' || value.entries.some((entry) => entry.value.kind !== 'scalar')) {
      this.refuse(field, 'array', 'an object of strings')
      return []
    }
    return value.entries.slice(0, ITEMS_MAX).map(({ key, value: one }) => [key, textOf(one as ScalarTree) ?? ''])
  }

  flag(of: Tree, key: string, field: string): boolean {
    const value = entryOf(of, key)
    if (!value) return false
    if (value.kind === 'scalar' && (value.value === null || FALSE.has(value.value))) return false
    if (value.kind === 'scalar' && TRUE.has(value.value)) return true
    this.refuse(field, 'boolean', 'true or false')
    return false
  }
}

const TRUE = new Set<unknown>([true, 1, '1', 'true'])
const FALSE = new Set<unknown>([false, 0, '0', 'false', ''])

const textOf = ({ value, written }: ScalarTree): string | null =>
  value === null ? null : typeof value === 'string' ? value : (written ?? String(value))

function uuidOf(tree: Tree): string | null {
  const value = entryOf(tree, 'uuid')
  const text = value?.kind === 'scalar' && typeof value.value === 'string' ? value.value.toLowerCase() : ''
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : null
}

/** Once a list, or one image, without labels; a file that names none is known by `nil`. */
function imagesOf(tree: Tree, format: EggFormat, read: FieldReader): Pair[] {
  const images = entryOf(tree, 'docker_images')
  if (images && images.kind !== 'list') return read.pairs(images, 'docker_images')
  if (images || format !== 'PTDL_v1') return (read.texts(images, 'docker_images') ?? []).map((image) => [image, image])

  const one = entryOf(tree, 'image')
  const several = entryOf(tree, 'images')
  const named = (several ? read.texts(several, 'images') : null) ?? (one ? [read.text(tree, 'image') ?? ''] : [])
  return named.length > 0 ? named.map((image) => [image, image]) : [['nil', 'nil']]
}

function commandsOf(
  tree: Tree,
  format: EggFormat,
  read: FieldReader,
): Pick<EggDefinition, 'startup' | 'startupCommands'> {
  const commands = format === 'PLCN_v3' ? entryOf(tree, 'startup_commands') : undefined
  if (!commands) return { startup: read.text(tree, 'startup') ?? '', startupCommands: null }
  const startupCommands = read.pairs(commands, 'startup_commands')
  return {
    startup: startupCommands[0]?.[1] ?? '',
    startupCommands: startupCommands.length > 0 ? startupCommands : null,
  }
}

/** Texts as they are; YAML files have them unfolded. */
function configOf(tree: Tree, read: FieldReader): Record<ConfigPart, string | null> {
  const config = entryOf(tree, 'config')
  if (config && config.kind !== 'map' && !(config.kind === 'scalar' && config.value === null))
    read.refuse('config', 'array', 'an object')
  const parts = CONFIG_PARTS.map((part) => {
    const value = entryOf(config, part)
    return [part, !value ? null : value.kind === 'scalar' ? textOf(value) : printJson(value)] as const
  })
  return Object.fromEntries(parts) as Record<ConfigPart, string | null>
}

function variablesOf(tree: Tree, read: FieldReader): VariableDefinition[] {
  const list = entryOf(tree, 'variables')
  if (!list || (list.kind === 'scalar' && list.value === null) || (list.kind === 'map' && list.entries.length === 0))
    return []
  if (list.kind !== 'list') {
    read.refuse('variables', 'array', 'an array')
    return []
  }
  return list.items.slice(0, ITEMS_MAX).flatMap((item, index) => variableOf(item, `variables.${index}`, read))
}

function variableOf(item: Tree, field: string, read: FieldReader): VariableDefinition[] {
  if (item.kind !== 'map') {
    read.refuse(field, 'array', 'an object')
    return []
  }
  const rules = entryOf(item, 'rules')
  const sort = entryOf(item, 'sort')
  return [
    {
      name: read.text(item, 'name', `${field}.name`) ?? '',
      description: read.text(item, 'description', `${field}.description`) ?? '',
      envVariable: read.text(item, 'env_variable', `${field}.env_variable`) ?? '',
      defaultValue: read.text(item, 'default_value', `${field}.default_value`) ?? '',
      userViewable: read.flag(item, 'user_viewable', `${field}.user_viewable`),
      userEditable: read.flag(item, 'user_editable', `${field}.user_editable`),
      rules:
        rules?.kind === 'list'
          ? (read.texts(rules, `${field}.rules`) ?? []).join('|')
          : (read.text(item, 'rules', `${field}.rules`) ?? ''),
      sort:
        sort?.kind === 'scalar' &&
        typeof sort.value === 'number' &&
        Number.isInteger(sort.value) &&
        Math.abs(sort.value) < 2 ** 31
          ? sort.value
          : null,
    },
  ]
}
