import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { wings } from '#server/wings/client'

/** What the last installation printed; null where the daemon keeps none (Pterodactyl's does not). */
export async function readInstallLog(server: Pick<ServerRow, 'uuid'>, node: WingsNodeRow): Promise<string[] | null> {
  const text = await wings(node).servers.installLog(server.uuid)
  return text === null ? null : text.split(/\r?\n/)
}
