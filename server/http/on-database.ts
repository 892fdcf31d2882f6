import { getRouterParam, type H3Event } from 'h3'
import type { Person } from '#server/auth/actor'
import type { ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { findDatabase, type DatabaseView } from '#server/services/databases/queries'
import type { ServerWithNode } from '#server/services/servers/find-server'
import type { Level, ServerPermission } from '#shared/permissions'
import { onManagedServer, onServer, type OnServer } from './access'
import { andThen, type Guard } from './define-route'

/** A database of the server in the path, by its hash or its number; that of another server does not exist. */
export const onDatabase = (permission: ServerPermission): Guard<OnServer & { found: DatabaseView }> =>
  onServer(permission, { holding })

async function holding(event: H3Event, server: ServerRow): Promise<{ found: DatabaseView }> {
  const found = await findDatabase(server, getRouterParam(event, 'database', { decode: true }) ?? '')
  if (!found) throw new AppError('database.not_found')
  return { found }
}

/** The same of `/api/application/servers/:server`, by its number. */
export function onManagedDatabase(
  level: Level,
  { withPasswords = false } = {},
): Guard<{ actor: Person; found: DatabaseView } & ServerWithNode> {
  return andThen(onManagedServer('server_databases', level), async (event, through) => {
    const found = await findDatabase(through.server, getRouterParam(event, 'database') ?? '', { withPasswords })
    if (!found) throw new AppError('database.not_found')
    return { ...through, found }
  })
}
