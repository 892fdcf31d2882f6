/** What processes tell each other, and what of it browsers hear. Hints to look again, never data. */
export interface Topics {
  /** What is announced to people changed. */
  announcements: Record<string, never>
  /** Settings were changed: read them again. */
  settings: Record<string, never>
  /** Something about one server changed. `serverId` is the row's. */
  server: { serverId: string; what: ServerHint }
  /** The same about several at once: heard as one `server` for each. */
  servers: { serverIds: string[]; what: ServerHint }
  /** Something about a node changed. */
  node: { nodeId: string; what: 'state' | 'configuration' | 'allocations' }
  /** Sessions of a user ended, or what he may do became less: open streams look again at once. */
  access: { userId: string }
  /** A node took that what was signed for somebody until now does not count any more. */
  denial: { userId: string }
  /** Something that only one person sees changed. */
  account: { userId: string; what: AccountHint }
  /** Something that only administrators list changed. */
  administration: {
    what:
      | 'users'
      | 'locations'
      | 'nests'
      | 'eggs'
      | 'servers'
      | 'nodes'
      | 'backup_hosts'
      | 'database_hosts'
      | 'mounts'
      | 'api_keys'
      | 'audit'
      | 'roles'
      | 'mail_templates'
      | 'announcements'
      | 'identity_providers'
  }
}

/** Which of one's own pages look old now. */
export type AccountHint = 'activity' | 'notifications'

/** Which of a server's pages look old now. */
export type ServerHint =
  | 'details'
  | 'status'
  | 'power'
  | 'files'
  | 'backups'
  | 'databases'
  | 'schedules'
  | 'network'
  | 'startup'
  | 'users'
  | 'activity'
  | 'mounts'

export type Topic = keyof Topics
