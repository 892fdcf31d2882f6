import type { Actor } from '#server/auth/actor'
import type { ServerDatabaseRow, ServerRow } from '#server/database/schema'
import { refusedField } from '#server/errors'
import { findDatabaseHosts, findHost } from '#server/services/database-hosts/queries'
import type { serverDatabases } from '#shared/contracts/application/server-databases'
import type { Parsed } from '#shared/contracts/endpoint'
import { createDatabase } from './create-database'

interface CreateManagedDatabase {
  actor: Actor
  server: ServerRow
  asked: Parsed<typeof serverDatabases.create, 'body'>
}

/** On the host that is named, whichever node it belongs to. @throws {AppError} what `createDatabase` throws */
export async function createManagedDatabase({
  actor,
  server,
  asked,
}: CreateManagedDatabase): Promise<ServerDatabaseRow> {
  const id = String(asked.host)
  const isReached = (await findDatabaseHosts(actor, [id])).has(id)
  const host = isReached ? await findHost(id) : undefined
  if (!host) throw refusedField('host', 'exists', 'The selected host is invalid.')
  const { database: name, remote, max_connections: maxConnections = null } = asked
  return createDatabase({ actor, server, node: null, host, name, remote, maxConnections })
}
