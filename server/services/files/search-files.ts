import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { wings } from '#server/wings/client'

interface SearchFiles {
  server: ServerRow
  node: WingsNodeRow
  directory: string
  pattern: string
}

/** Below a folder, by name; names are paths from there. Only Pelican can. @throws {AppError} `file.search_unknown` */
export async function searchFiles({ server, node, directory, pattern }: SearchFiles) {
  if (node.flavour !== 'pelican') throw new AppError('file.search_unknown')
  return wings(node).files.search(server.uuid, directory, pattern)
}
