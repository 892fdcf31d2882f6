import type { DatabaseHostRow, ServerDatabaseRow } from '#server/database/schema'
import type { includedHost, managedDatabase } from '#shared/contracts/application/server-databases'
import type { databaseOfHost } from '#shared/contracts/application/database-hosts'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, stampOf } from '../envelope'
import { databaseAttributesOf } from './server-parts'

type Row = Omit<ServerDatabaseRow, 'password'>
type Relationships = NonNullable<Wire<typeof managedDatabase>['attributes']['relationships']>

interface OfServer {
  database: Row
  host: Pick<DatabaseHostRow, 'engine'>
}

export const serializeManagedDatabase = (
  { database, host }: OfServer,
  relationships?: Relationships,
): Wire<typeof managedDatabase> => ({
  ...itemOf('server_database', { ...databaseAttributesOf(database), ...(relationships && { relationships }) }),
  meta: {
    engine: host.engine,
    is_ready: database.provisionedAt !== null,
    needs_rotation: database.needsRotation,
  },
})

interface OfHost {
  database: Row
  serverName: string
  serverIdentifier: string
}

export const serializeDatabaseOfHost = ({
  database,
  serverName,
  serverIdentifier,
}: OfHost): Wire<typeof databaseOfHost> => ({
  ...itemOf('server_database', databaseAttributesOf(database)),
  meta: {
    is_ready: database.provisionedAt !== null,
    server_name: serverName,
    server_identifier: serverIdentifier,
  },
})

interface HostView {
  host: Omit<DatabaseHostRow, 'password'>
  nodes: readonly { id: string }[]
}

/** What the API always told of a host. Of several nodes the lowest is its one. */
export const hostAttributesOf = ({ host, nodes: [node] }: HostView) => ({
  id: Number(host.id),
  name: host.name,
  host: host.host,
  port: host.port,
  username: host.username,
  node: node ? Number(node.id) : null,
  created_at: stampOf(host.createdAt),
  updated_at: stampOf(host.updatedAt),
})

export const serializeIncludedHost = (view: HostView): Wire<typeof includedHost> =>
  itemOf('database_host', hostAttributesOf(view))
