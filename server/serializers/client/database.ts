import type { DatabaseHostRow, ServerDatabaseRow } from '#server/database/schema'
import type { database, databaseSize, offeredHost } from '#shared/contracts/client/databases'
import type { Wire } from '#shared/contracts/envelope'
import { itemOf, NOTHING } from '../envelope'

interface View {
  database: Omit<ServerDatabaseRow, 'password'>
  host: Omit<DatabaseHostRow, 'password'>
  publicId: string
  password?: string
}

/** One that cannot be told, or that nobody here knows, is a null resource. */
export const passwordOf = ({ database: { needsRotation }, password }: Pick<View, 'database' | 'password'>) =>
  password === undefined || needsRotation ? NOTHING : itemOf('database_password', { password })

const placeOf = ({ host, port, publicHost, publicPort }: View['host']) => ({
  address: publicHost ?? host,
  port: publicPort ?? port,
})

export function serializeDatabase(view: View, { showsPassword = false } = {}): Wire<typeof database> {
  const { database: row, host, publicId } = view
  return {
    ...itemOf('server_database', {
      id: publicId,
      host: placeOf(host),
      name: row.database,
      username: row.username,
      connections_from: row.remote,
      max_connections: row.maxConnections,
      ...(showsPassword && { relationships: { password: passwordOf(view) } }),
    }),
    meta: {
      engine: host.engine,
      host_name: host.name,
      is_ready: row.provisionedAt !== null,
      needs_rotation: row.needsRotation,
    },
  }
}

interface Choice {
  host: View['host']
  hasRoom: boolean
}

export const serializeOfferedHost = ({ host, hasRoom }: Choice): Wire<typeof offeredHost> =>
  itemOf('database_host_choice', {
    id: Number(host.id),
    name: host.name,
    engine: host.engine,
    ...placeOf(host),
    has_room: hasRoom,
  })

export const serializeDatabaseSize = ({
  publicId,
  bytes,
}: {
  publicId: string
  bytes: number | null
}): Wire<typeof databaseSize> => itemOf('database_size', { id: publicId, bytes })
