import { getRouterParam } from 'h3'
import { AppError } from '#server/errors'
import { findBackup, type ViewedBackup } from '#server/services/backups/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import type { Guard } from './define-route'

/** A backup of the server in the path; that of another server does not exist. */
export function onBackup(permission: ServerPermission): Guard<OnServer & { backup: ViewedBackup }> {
  const passes = onServer(permission)
  return async (event) => {
    const through = await passes(event)
    const backup = await findBackup(through.server, getRouterParam(event, 'backup', { decode: true }) ?? '')
    if (!backup) throw new AppError('resource.not_found')
    return { ...through, backup }
  }
}
