/**
 * What a file says, JSON and YAML alike, with the order of its keys: a label such as `17` would change its place in an
 * object of JavaScript, and the first image and the first command are the ones that count.
 */
export type Tree = MapTree | ListTree | ScalarTree

export interface MapTree {
  kind: 'map'
  entries: Entry[]
}

export interface Entry {
  key: string
  value: Tree
}

export interface ListTree {
  kind: 'list'
  items: Tree[]
}

export interface ScalarTree {
  kind: 'scalar'
  value: string | number | boolean | null
  /** A number as it was written: `1.0` is no `1`. */
  written?: string
  /** Where it stands in the file, quotes included. */
  at?: [start: number, end: number]
}

/** A file that is no JSON or no YAML, or more of it than is looked at. The message completes "The file could not be read: …". */
export class UnreadableFile extends Error {}

/** Nested deeper than any egg, and shallow enough for a stack. */
export const DEPTH_MAX = 32

export const scalar = (value: ScalarTree['value']): ScalarTree => ({ kind: 'scalar', value })
export const mapOf = (entries: Iterable<readonly [string, Tree]>): MapTree => ({
  kind: 'map',
  entries: [...entries].map(([key, value]) => ({ key, value })),
})
export const listOf = (items: Iterable<Tree>): ListTree => ({ kind: 'list', items: [...items] })

export const entryOf = (tree: Tree | undefined, key: string): Tree | undefined =>
  tree?.kind === 'map' ? tree.entries.find((entry) => entry.key === key)?.value : undefined

/** `pathOf(tree, 'scripts', 'installation')`. */
export const at = (tree: Tree | undefined, ...keys: string[]): Tree | undefined =>
  keys.reduce<Tree | undefined>(entryOf, tree)

/** Every text in it, keys too. */
export function* textsOf(tree: Tree): Generator<string> {
  if (tree.kind === 'scalar') {
    if (typeof tree.value === 'string') yield tree.value
    return
  }
  if (tree.kind === 'list') {
    for (const item of tree.items) yield* textsOf(item)
    return
  }
  for (const { key, value } of tree.entries) {
    yield key
    yield* textsOf(value)
  }
}
