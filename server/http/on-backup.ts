import { getRouterParam, type H3Event } from 'h3'
import type { ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { findBackup, type ViewedBackup } from '#server/services/backups/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import type { Guard } from './define-route'

/** A backup of the server in the path; that of another server does not exist. */
export const onBackup = (permission: ServerPermission): Guard<OnServer & { backup: ViewedBackup }> =>
  onServer(permission, { holding })

async function holding(event: H3Event, server: ServerRow): Promise<{ backup: ViewedBackup }> {
  const backup = await findBackup(server, getRouterParam(event, 'backup', { decode: true }) ?? '')
  if (!backup) throw new AppError('resource.not_found')
  return { backup }
}
