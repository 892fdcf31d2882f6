import { endpoint } from '../endpoint'

/**
 * Server-sent events: hints that something changed, never the thing itself. `event: <topic>`, `data: {…}`:
 * `server {server, what}` (uuid), `node {node, what}` (number as text), `administration {what}`, `account {what}`,
 * `panel {}` (its name or another setting that everybody sees), `announcements {}`, `access {}`.
 */
export const events = {
  stream: endpoint('GET /api/client/events', {}),
}

export interface BrowserHints {
  server: { server: string; what: string }
  node: { node: string; what: string }
  administration: { what: string }
  account: { what: string }
  panel: Record<string, never>
  announcements: Record<string, never>
  access: Record<string, never>
}
