import { getRouterParam } from 'h3'
import { AppError } from '#server/errors'
import { findBackup, type ViewedBackup } from '#server/services/backups/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import { andThen, type Guard } from './define-route'

/** A backup of the server in the path; that of another server does not exist. */
export function onBackup(permission: ServerPermission): Guard<OnServer & { backup: ViewedBackup }> {
  return andThen(onServer(permission), async (event, through) => {
    const backup = await findBackup(through.server, getRouterParam(event, 'backup', { decode: true }) ?? '')
    if (!backup) throw new AppError('resource.not_found')
    return { ...through, backup }
  })
}
