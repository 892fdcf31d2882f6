import { createHash } from 'node:crypto'
import { AppError, type FieldFailure } from '#server/errors'
import { readJson } from '#shared/utils/read-json'
import { at, UnreadableFile, type Tree } from '#shared/utils/tree'
import { checkDefinition } from '#server/services/eggs/format/check-definition'
import { EGG_FORMATS, type EggDefinition, type EggFormat } from '#server/services/eggs/format/egg-definition'
import { readDefinition } from '#server/services/eggs/format/read-definition'
import { readYaml } from '#server/services/eggs/format/read-yaml'

/** 1000 KB. */
export const EGG_FILE_MAX_BYTES = 1_024_000

export interface EggFile {
  kind: 'json' | 'yaml'
  format: EggFormat
  text: string
  tree: Tree
  definition: EggDefinition
  /** Of the text without the moment of its export: two that hash alike say the same. */
  hash: string
}

/** The file alone, as it was once taken in: nothing of it is checked again. @throws {UnreadableFile} */
export function parseEggFile(text: string, kind = kindOf(text)): EggFile & { failures: FieldFailure[] } {
  const tree = kind === 'json' ? readJson(text) : readYaml(text)
  const format = formatOf(tree)
  if (!format) throw new UnreadableFile('it is no egg')
  return { kind, format, text, tree, hash: hashOf(text), ...readDefinition(tree, format) }
}

/**
 * An egg's file, of any format that is known, held to all limits.
 *
 * @throws {AppError} `request.too_large`, `egg.file_unreadable`, `egg.file_unrecognized`, `request.invalid` with one entry per field
 */
export function readEggFile(bytes: Uint8Array): EggFile {
  if (bytes.length > EGG_FILE_MAX_BYTES) throw new AppError('request.too_large')
  const text = textOf(bytes)
  const kind = kindOf(text)
  const tree = treeOf(text, kind)
  const format = formatOf(tree)
  if (!format) throw new AppError(kind === 'json' ? 'egg.file_unrecognized' : 'egg.file_unknown')

  const { definition, failures } = readDefinition(tree, format)
  const fields = failures.length > 0 ? failures : checkDefinition(definition, format)
  if (fields.length > 0) throw new AppError('request.invalid', { fields: fields.slice(0, 50) })
  return { kind, format, text, tree, definition, hash: hashOf(text) }
}

const hashOf = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/(exported_at["']?\s*:\s*)(["'][^"'\n]*["']|[^\n,}]*)/, '$1'))
    .digest('hex')

const kindOf = (text: string): EggFile['kind'] => (/^\uFEFF?\s*[[{]/.test(text) ? 'json' : 'yaml')

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('egg.file_unreadable', { values: { fault: 'it is no text in UTF-8' }, cause })
  }
}

function treeOf(text: string, kind: EggFile['kind']): Tree {
  if (text.trim() === '') throw new AppError('egg.file_unreadable', { values: { fault: 'it is empty' } })
  try {
    return kind === 'json' ? readJson(text) : readYaml(text)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    throw new AppError('egg.file_unreadable', { values: { fault: error.message }, cause: error })
  }
}

function formatOf(tree: Tree): EggFormat | undefined {
  const version = at(tree, 'meta', 'version')
  return version?.kind === 'scalar' ? EGG_FORMATS.find((format) => format === version.value) : undefined
}
