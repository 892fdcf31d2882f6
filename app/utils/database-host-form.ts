import type { DatabaseHost } from '#shared/contracts/application/database-hosts'

export const DATABASE_PORTS = { mysql: 3306, postgresql: 5432 } as const

/** What the form of a database host holds: texts as they are typed. */
export interface DatabaseHostDraft {
  name: string
  engine: DatabaseHost['engine']
  host: string
  port: number
  username: string
  password: string
  tlsMode: DatabaseHost['tls_mode']
  nodes: number[]
  /** Null: any number. */
  maxDatabases: number | null
  publicHost: string
  publicPort: number | null
}

export const databaseHostDraftOf = (host?: DatabaseHost): DatabaseHostDraft => ({
  name: host?.name ?? '',
  engine: host?.engine ?? 'mysql',
  host: host?.host ?? '',
  port: host?.port ?? DATABASE_PORTS.mysql,
  username: host?.username ?? '',
  password: '',
  tlsMode: host?.tls_mode ?? 'prefer',
  nodes: host?.nodes.map(({ id }) => id) ?? [],
  maxDatabases: host?.max_databases ?? null,
  publicHost: host?.public_host ?? '',
  publicPort: host?.public_port ?? null,
})

/** The same in the words of the wire. A password that was left empty stays as it is, or is missed. */
export const databaseHostBodyOf = (draft: DatabaseHostDraft) => ({
  name: draft.name.trim(),
  engine: draft.engine,
  host: draft.host.trim(),
  port: draft.port,
  username: draft.username.trim(),
  password: draft.password || null,
  tls_mode: draft.tlsMode,
  node_ids: draft.nodes,
  max_databases: draft.maxDatabases,
  public_host: draft.publicHost.trim() || null,
  public_port: draft.publicPort,
})

export type DatabaseHostForm = ReturnType<typeof databaseHostBodyOf>
