import type { FieldFailure } from '#server/errors'
import { readJson } from '#shared/utils/read-json'
import { entryOf, textsOf, UnreadableFile, type Tree } from '#shared/utils/tree'
import {
  CONFIG_PARTS,
  isPelican,
  type EggDefinition,
  type EggFormat,
} from '#server/services/eggs/format/egg-definition'

/** Set by Wings itself: a variable of that name would be dropped, or would replace what a process relies on. */
export const RESERVED_BY_WINGS: readonly string[] = [
  'SERVER_MEMORY',
  'SERVER_IP',
  'SERVER_PORT',
  'ENV',
  'HOME',
  'USER',
  'STARTUP',
  'SERVER_UUID',
  'UUID',
]
/** Pelican refuses these as well; eggs of Pterodactyl have them, and there they work. */
export const RESERVED_BY_PELICAN: readonly string[] = [
  'P_SERVER_UUID',
  'P_SERVER_ALLOCATION_LIMIT',
  'MODIFIED_STARTUP',
  'INTERNAL_IP',
  'HOSTNAME',
  'TERM',
  'LANG',
  'PWD',
  'TZ',
  'TIMEZONE',
]

export const isReserved = (
  name: string,
  lists: readonly (readonly string[])[] = [RESERVED_BY_WINGS, RESERVED_BY_PELICAN],
): boolean => lists.some((list) => list.includes(name.toUpperCase()))

/** Local images begin with `~`. */
export const DOCKER_IMAGE = /^~?[\w./\-:@ ]+$/
export const ENV_VARIABLE = /^\w{1,191}$/

/** What one egg may hold. The daemon reads all of it before every start. */
export const EGG_LIMITS = {
  variables: 200,
  images: 100,
  commands: 50,
  features: 50,
  denylist: 500,
  files: 100,
  finds: 1000,
  markers: 100,
  /** Characters. */
  configText: 200_000,
  script: 500_000,
  text: 65_535,
  name: 191,
  /** Beyond it the daemon would fill a list up to that place. */
  listIndex: 1000,
} as const

/** Of Wings' own configuration a file may name only where its network is; its token stands there as well. */
const FOREIGN_PLACEHOLDER = /\{\{\s*config\b(?!\.docker\.(?:network\.)?interface\s*\}\})/i

/** Why an egg cannot be taken, field by field. */
export function checkDefinition(egg: EggDefinition, format: EggFormat | null): FieldFailure[] {
  const failures: FieldFailure[] = []
  const refuse = (field: string, rule: string, rest: string, values?: FieldFailure['values']) =>
    failures.push({ field, rule, detail: `The ${field} ${rest}`, ...(values && { values }) })
  const limit = (field: string, size: number, max: number, unit = 'items') => {
    if (size > max) refuse(field, 'max', `may not have more than ${max} ${unit}.`, { max })
  }
  const required = (field: string, text: string, max: number = EGG_LIMITS.name) => {
    if (text.trim() === '') refuse(field, 'required', 'field is required.')
    limit(field, text.length, max, 'characters')
  }

  required('name', egg.name)
  required('author', egg.author)
  limit('description', egg.description?.length ?? 0, EGG_LIMITS.text, 'characters')
  limit('features', egg.features?.length ?? 0, EGG_LIMITS.features)
  limit('tags', egg.tags.length, EGG_LIMITS.features)
  limit('file_denylist', egg.fileDenylist?.length ?? 0, EGG_LIMITS.denylist)
  limit('startup', egg.startup.length, EGG_LIMITS.text, 'characters')
  limit('startup_commands', egg.startupCommands?.length ?? 0, EGG_LIMITS.commands)
  if (egg.startup.trim() === '')
    refuse(egg.startupCommands ? 'startup_commands' : 'startup', 'required', 'field is required.')
  if (egg.updateUrl && !/^https?:\/\/\S+$/i.test(egg.updateUrl))
    refuse('meta.update_url', 'url', 'must be a valid URL.')

  if (egg.dockerImages.length === 0) refuse('docker_images', 'required', 'field is required.')
  limit('docker_images', egg.dockerImages.length, EGG_LIMITS.images)
  for (const [label, image] of egg.dockerImages) {
    if (!DOCKER_IMAGE.test(image) || image.length > EGG_LIMITS.name || label.length > EGG_LIMITS.name)
      refuse(`docker_images.${label.slice(0, 60)}`, 'regex', 'format is invalid.')
  }

  limit('scripts.installation.script', egg.script.install?.length ?? 0, EGG_LIMITS.script, 'characters')
  limit('scripts.installation.entrypoint', egg.script.entry?.length ?? 0, EGG_LIMITS.name, 'characters')
  if (
    egg.script.container &&
    (!DOCKER_IMAGE.test(egg.script.container) || egg.script.container.length > EGG_LIMITS.name)
  )
    refuse('scripts.installation.container', 'regex', 'format is invalid.')

  limit('config.stop', egg.config.stop?.length ?? 0, EGG_LIMITS.name, 'characters')
  for (const part of CONFIG_PARTS) {
    const text = egg.config[part]
    if (text !== null && text.length > EGG_LIMITS.configText)
      limit(`config.${part}`, text.length, EGG_LIMITS.configText, 'characters')
    else if (text) checkConfig(part, text, refuse)
  }

  limit('variables', egg.variables.length, EGG_LIMITS.variables)
  checkVariables(egg, format, refuse, required)
  for (const field of nulFields(egg)) refuse(field, 'string', 'may not contain the character NUL.')
  return failures
}

type Refuse = (field: string, rule: string, rest: string, values?: FieldFailure['values']) => void

function checkConfig(part: (typeof CONFIG_PARTS)[number], text: string, refuse: Refuse): void {
  const field = `config.${part}`
  let tree: Tree
  try {
    tree = readJson(text)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return refuse(field, 'json', `must be a valid JSON string: ${error.message}.`)
  }
  if (part !== 'logs' && tree.kind === 'scalar') return refuse(field, 'json', 'must be a JSON object.')
  // An escape may hide a brace from a look at the text itself.
  for (const one of [text, ...textsOf(tree)]) {
    if (FOREIGN_PLACEHOLDER.test(one))
      return refuse(field, 'placeholder', "may name only {{config.docker.interface}} of a node's configuration.")
  }
  if (part === 'files') checkFiles(field, tree, refuse)
  if (part === 'startup') {
    const done = entryOf(tree, 'done')
    if (done?.kind === 'list' && done.items.length > EGG_LIMITS.markers)
      refuse(field, 'max', `may not have more than ${EGG_LIMITS.markers} texts.`, { max: EGG_LIMITS.markers })
  }
}

function checkFiles(field: string, tree: Tree, refuse: Refuse): void {
  if (tree.kind !== 'map') return
  if (tree.entries.length > EGG_LIMITS.files)
    refuse(field, 'max', `may not name more than ${EGG_LIMITS.files} files.`, { max: EGG_LIMITS.files })

  let finds = 0
  for (const { key: file, value } of tree.entries) {
    if (file.length > 4096 || file.split(/[/\\]/).includes('..'))
      refuse(field, 'path', `must name files inside the server: ${file.slice(0, 60)}.`)
    const find = entryOf(value, 'find')
    if (find?.kind !== 'map') continue
    const parser = entryOf(value, 'parser')
    const isNested = parser?.kind === 'scalar' && /^(ya?ml|json|toml)$/i.test(String(parser.value))
    for (const { key: match, value: wanted } of find.entries) {
      finds += wanted.kind === 'map' ? wanted.entries.length : 1
      if (isNested && indexesOf(match).some((index) => index > EGG_LIMITS.listIndex)) {
        refuse(field, 'max', `may not reach beyond place ${EGG_LIMITS.listIndex} of a list: ${match.slice(0, 60)}.`, {
          max: EGG_LIMITS.listIndex,
        })
      }
    }
  }
  if (finds > EGG_LIMITS.finds)
    refuse(field, 'max', `may not have more than ${EGG_LIMITS.finds} replacements.`, { max: EGG_LIMITS.finds })
}

/** `list[3].x`, `list.3.x`. */
const indexesOf = (match: string): number[] =>
  [...match.matchAll(/\[(\d+)\]|(?:^|\.)(\d+)(?=\.|$)/g)].map(([, bracketed, dotted]) => Number(bracketed ?? dotted))

function checkVariables(
  egg: EggDefinition,
  format: EggFormat | null,
  refuse: Refuse,
  required: (field: string, text: string) => void,
): void {
  const lists = format && !isPelican(format) ? [RESERVED_BY_WINGS] : [RESERVED_BY_WINGS, RESERVED_BY_PELICAN]
  const seen = new Set<string>()
  egg.variables.forEach((variable, index) => {
    const field = `variables.${index}`
    const { envVariable } = variable
    required(`${field}.name`, variable.name)
    if (!ENV_VARIABLE.test(envVariable))
      refuse(
        `${field}.env_variable`,
        envVariable === '' ? 'required' : 'regex',
        envVariable === '' ? 'field is required.' : 'format is invalid.',
      )
    else if (isReserved(envVariable, lists)) refuse(`${field}.env_variable`, 'not_in', `is reserved: ${envVariable}.`)
    // Wings writes names in capitals, so two spellings are one name there.
    else if (seen.has(envVariable.toUpperCase()))
      refuse(`${field}.env_variable`, 'unique', `has already been taken: ${envVariable}.`)
    seen.add(envVariable.toUpperCase())
    for (const [key, text] of [
      ['description', variable.description],
      ['default_value', variable.defaultValue],
      ['rules', variable.rules],
    ] as const) {
      if (text.length > EGG_LIMITS.text)
        refuse(`${field}.${key}`, 'max', `may not be greater than ${EGG_LIMITS.text} characters.`, {
          max: EGG_LIMITS.text,
        })
    }
  })
}

/** PostgreSQL stores no NUL. */
function nulFields(egg: EggDefinition): string[] {
  const { uuid: _, ...fields } = egg
  return Object.entries(fields).flatMap(([field, value]) => (holdsNul(value) ? [field] : []))
}

const holdsNul = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsNul)
