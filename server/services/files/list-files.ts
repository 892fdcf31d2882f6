import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'

export type { FileStat } from '#server/wings/files'

/** Folders first, then by name. Listing is not recorded. */
export function listFiles({ server, node, directory }: { server: ServerRow; node: WingsNodeRow; directory: string }) {
  return wings(node).files.list(server.uuid, directory)
}
