import type { DatabaseHostRow } from '#server/database/schema'
import type { databaseHost } from '#shared/contracts/application/database-hosts'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'
import { hostAttributesOf } from './server-database'

interface View {
  host: Omit<DatabaseHostRow, 'password'>
  nodes: { id: string; name: string }[]
  databases: number
}

type Relationships = NonNullable<Wire<typeof databaseHost>['attributes']['relationships']>

export function serializeDatabaseHost(view: View, relationships?: Relationships): Wire<typeof databaseHost> {
  const { host, nodes, databases } = view
  return itemOf('database_host', {
    ...hostAttributesOf(view),
    max_databases: host.maxDatabases,
    public_host: host.publicHost,
    public_port: host.publicPort,
    engine: host.engine,
    tls_mode: host.tlsMode,
    nodes: nodes.map(({ id, name }) => ({ id: Number(id), name })),
    databases_count: databases,
    checked_at: host.checkedAt && stampOf(host.checkedAt),
    failure: host.failure,
    ...(relationships && { relationships }),
  })
}
