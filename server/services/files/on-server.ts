import type { Person } from '#server/auth/actor'
import { useDrizzle } from '#server/database/client'
import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import { recordActivity } from '#server/services/activity/record-activity'
import type { ActivityEvent } from '#shared/activity-events'

/** Who works on the files of which server. */
export interface OnServer {
  actor: Person
  server: ServerRow
  node: WingsNodeRow
}

type FileEvent = Extract<ActivityEvent, `server:file.${string}`>

/** Written down once the node has done it: what a node does to files cannot be undone by us. */
export async function recordFileActivity(
  { actor, server }: OnServer,
  event: FileEvent,
  properties: Record<string, unknown> = {},
): Promise<void> {
  await recordActivity(useDrizzle(), { actor, event, target: { type: 'server', id: server.id }, properties })
}
