import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'

/** What the node is fetching for a server, with how far it is: 0 to 1. */
export function listPulls({ server, node }: { server: ServerRow; node: WingsNodeRow }) {
  return wings(node).files.pulls(server.uuid)
}
