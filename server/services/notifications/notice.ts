import type { ServerRow, WingsNodeRow } from '#server/database/schema'
import type { NotificationKind } from '#shared/notifications'

/** What people are told of, before it is known whom. */
export interface Notice {
  kind: NotificationKind
  server?: Pick<ServerRow, 'id' | 'name' | 'identifier'>
  node?: Pick<WingsNodeRow, 'id' | 'name'>
  /** What its sentence names beside them. */
  slots?: Record<string, string | number>
  /** Somebody is told of one thing once, however often it is noticed. */
  dedupeKey?: string
}
