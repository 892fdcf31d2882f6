import { isDeepStrictEqual } from 'node:util'
import { printJson, styleOf, USUAL_STYLE } from '#shared/utils/print-json'
import { entryOf, UnreadableFile, type Entry, type MapTree, type Tree } from '#shared/utils/tree'
import { isPelican, type EggDefinition } from '#server/services/eggs/format/egg-definition'
import { eggTree, type WrittenAs } from '#server/services/eggs/format/egg-tree'
import { printYaml } from '#server/services/eggs/format/print-yaml'
import { parseEggFile, type EggFile } from '#server/services/eggs/format/read-egg-file'

/** The file that an egg came from, as it is kept. */
export interface EggSource {
  kind: EggFile['kind']
  text: string
}

export interface PrintedEgg {
  text: string
  kind: EggFile['kind']
}

interface PrintEgg {
  egg: EggDefinition
  source: EggSource | null
  /** Null: as the egg came. */
  as: WrittenAs | { kind: 'json' | 'yaml' } | null
  /** ISO. */
  at: string
}

/**
 * An egg as a file. One that is still what its file said is that file to the byte, but for the moment of the export;
 * a changed one keeps the file's order, its unknown keys, and in JSON its spelling.
 */
export function printEggFile({ egg, source, as, at }: PrintEgg): PrintedEgg {
  const exportedAt = `${at.slice(0, 19)}+00:00`
  const file = source && parsedOrNull(source)
  const target = targetOf(file, as)
  if (
    file &&
    file.kind === target.kind &&
    (target.format === undefined || target.format === file.format) &&
    says(file, egg)
  ) {
    return { kind: file.kind, text: withMoment(file, exportedAt) }
  }

  const written = writtenAs(file, target)
  const plain = eggTree(egg, written, exportedAt)
  const isSameKind = file?.kind === written.kind && isPelican(file.format) === isPelican(written.format)
  const tree = file ? merged(file.tree, plain, { keepsOrder: isSameKind }) : plain
  if (written.kind === 'yaml') return { kind: 'yaml', text: printYaml(tree) }
  return { kind: 'json', text: printJson(tree, isSameKind ? styleOf(file.text) : USUAL_STYLE) }
}

function parsedOrNull({ text, kind }: EggSource): EggFile | null {
  try {
    return parseEggFile(text, kind)
  } catch (error) {
    if (error instanceof UnreadableFile) return null
    throw error
  }
}

interface Target {
  kind: EggFile['kind']
  format?: WrittenAs['format']
}

function targetOf(file: EggFile | null, as: PrintEgg['as']): Target {
  if (as) return as
  return file ? { kind: file.kind } : { kind: 'yaml', format: 'PLCN_v3' }
}

/** Older formats are read, never written anew. */
function writtenAs(file: EggFile | null, { kind, format }: Target): WrittenAs {
  if (format === 'PTDL_v2' || (format === undefined && kind === 'json' && file && !isPelican(file.format)))
    return { format: 'PTDL_v2', kind: 'json' }
  return { format: 'PLCN_v3', kind }
}

/** Whether the file still says what the egg is. The uuid is the panel's own unless the file named it. */
function says(file: EggFile, egg: EggDefinition): boolean {
  return isDeepStrictEqual(comparable(file.definition), comparable({ ...egg, uuid: file.definition.uuid && egg.uuid }))
}

/** Nothing and an empty text are one in a row of the database, and variables stand in the order of their `sort`. */
const comparable = (egg: EggDefinition) => ({
  ...egg,
  description: egg.description ?? '',
  updateUrl: egg.updateUrl ?? '',
  variables: egg.variables.toSorted((one, other) => (one.envVariable < other.envVariable ? -1 : 1)),
})

function withMoment({ tree, text }: EggFile, exportedAt: string): string {
  const moment = entryOf(tree, 'exported_at')
  if (moment?.kind !== 'scalar' || !moment.at || typeof moment.value !== 'string') return text
  const [start, end] = moment.at
  const quote = /^["']/.exec(text.slice(start, end))?.[0] ?? ''
  return text.slice(0, start) + quote + exportedAt + quote + text.slice(end)
}

/** Names of one format that mean nothing in the other, or are said otherwise there. */
const KNOWN = new Set([
  '_comment',
  'meta',
  'exported_at',
  'name',
  'author',
  'uuid',
  'description',
  'icon',
  'image',
  'images',
  'tags',
  'features',
  'docker_images',
  'file_denylist',
  'startup',
  'startup_commands',
  'config',
  'scripts',
  'variables',
  'field_type',
  'sort',
])

/** Maps of ours inside which strangers may have put a key. */
const FOLDERS = new Set(['meta', 'config', 'scripts', 'installation'])

/** The wanted tree with what the file says beyond it. */
function merged(source: Tree, wanted: Tree, { keepsOrder }: { keepsOrder: boolean }): Tree {
  if (source.kind !== 'map' || wanted.kind !== 'map') return wanted
  const combined = (key: string, value: Tree): Tree => {
    // Older files call the picture `image`.
    const before = entryOf(source, key) ?? (key === 'icon' ? entryOf(source, 'image') : undefined)
    if (!before) return value
    if (key === 'variables') return mergedVariables(before, value)
    // A picture is no text of ours; the note of whoever made the file stays his.
    if ((key === 'icon' || key === '_comment') && keepsOrder) return before
    return FOLDERS.has(key) ? merged(before, value, { keepsOrder }) : value
  }

  const foreign = source.entries.filter(({ key }) => !KNOWN.has(key) && !entryOf(wanted, key))
  if (!keepsOrder)
    return {
      kind: 'map',
      entries: [...wanted.entries.map(({ key, value }) => ({ key, value: combined(key, value) })), ...foreign],
    }

  const entries = source.entries.flatMap<Entry>(({ key, value }) => {
    const now = entryOf(wanted, key)
    if (now) return [{ key, value: combined(key, now) }]
    return foreign.some((entry) => entry.key === key) ? [{ key, value }] : []
  })
  const added = wanted.entries
    .filter(({ key }) => !entryOf(source, key))
    .map(({ key, value }) => ({ key, value: combined(key, value) }))
    .filter(({ value }) => !isNothing(value))
  return { kind: 'map', entries: [...entries, ...added] }
}

const isNothing = (tree: Tree): boolean =>
  tree.kind === 'scalar'
    ? tree.value === null
    : tree.kind === 'list'
      ? tree.items.length === 0
      : tree.entries.length === 0

/** A variable is known by its name in the environment. */
function mergedVariables(source: Tree, wanted: Tree): Tree {
  if (source.kind !== 'list' || wanted.kind !== 'list') return wanted
  const nameOf = (tree: Tree) => {
    const name = entryOf(tree, 'env_variable')
    return name?.kind === 'scalar' ? name.value : undefined
  }
  const before = new Map(
    source.items.flatMap((item) => (item.kind === 'map' ? [[nameOf(item), item] as [unknown, MapTree]] : [])),
  )
  return {
    kind: 'list',
    items: wanted.items.map((item) => merged(before.get(nameOf(item)) ?? item, item, { keepsOrder: true })),
  }
}
