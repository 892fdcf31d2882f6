import { useDrizzle } from '#server/database/client'
import type { ServerRow } from '#server/database/schema'
import { notify } from '#server/events/notify'

/** A node says that a server's power changed. A hint and no truth, since such reports overtake each other: pages look again. */
export async function notePower(server: Pick<ServerRow, 'id'>): Promise<void> {
  await notify(useDrizzle(), 'server', { serverId: server.id, what: 'power' })
}
