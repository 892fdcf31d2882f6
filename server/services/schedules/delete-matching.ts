import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { isStatus } from '#server/wings/call'
import { wings } from '#server/wings/client'
import { isRootPath, patternIn } from '#shared/utils/paths'

const TRIES = 3

interface Matching {
  server: ServerRow
  node: WingsNodeRow
  /** The last part of each may hold `*` for any number of characters. */
  paths: string[]
}

/**
 * Deletes files and folders for good. All paths are looked at before the first is deleted; what is not there is passed
 * over, and so is a folder.
 *
 * @throws {AppError} `file.path_refused`, `file.root_refused`; what the node says
 */
export async function deleteMatching({ server, node, paths }: Matching): Promise<void> {
  for (const [folder, names] of byFolder(paths)) await deleteIn({ server, node, folder, isMatched: matcherOf(names) })
}

interface InFolder extends Omit<Matching, 'paths'> {
  folder: string
  isMatched: (name: string) => boolean
}

/** What a game moves away between the look and the deletion would keep Pelican from deleting the rest. */
async function deleteIn({ server, node, folder, isMatched }: InFolder): Promise<void> {
  const files = wings(node).files
  for (let left = TRIES; ; left--) {
    const found = (await files.listIfThere(server.uuid, folder)).map(({ name }) => name).filter(isMatched)
    if (found.length === 0) return
    try {
      return await files.remove(server.uuid, folder, found)
    } catch (error) {
      if (left === 1 || !isStatus(error, 404)) throw error
    }
  }
}

function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const given of paths) {
    const path = given.trim()
    if (isRootPath(path)) throw new AppError('file.root_refused')
    const found = patternIn(path)
    if (!found) throw new AppError('file.path_refused', { values: { path: path.toWellFormed().slice(0, 200) } })
    folders.set(found.folder, [...(folders.get(found.folder) ?? []), found.pattern])
  }
  return folders
}

/** Whole names against patterns, part by part: a regular expression with many stars would take for ever. */
function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  const split = patterns.map((pattern) => pattern.split('*'))
  return (name) => split.some((parts) => isMatch(name, parts))
}

function isMatch(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return name === first
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let from = first.length
  const end = name.length - last.length
  for (const part of rest) {
    const at = name.indexOf(part, from)
    if (at === -1 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
