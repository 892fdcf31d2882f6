import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'

/** Ends it. One that is over, or never was, is as good as ended. */
export function cancelPull({ server, node, pull }: { server: ServerRow; node: WingsNodeRow; pull: string }) {
  return wings(node).files.cancelPull(server.uuid, pull)
}
