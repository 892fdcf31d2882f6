import { sql } from 'drizzle-orm'
import { wingsNodes } from '#server/database/schema'

/** The state of a node as its serializer tells it, for lists that are narrowed by it. */
export const nodeState = sql<string>`case
  when ${wingsNodes.maintenanceMode} then 'maintenance'
  when ${wingsNodes.lastSeenAt} is null then 'never_seen'
  when ${wingsNodes.unreachableSince} is not null then 'no_contact'
  when ${wingsNodes.lastCheck}::jsonb @? '$.browser.steps[*] ? (@.ok == false)' then 'browsers_blocked'
  else 'reachable'
end`
