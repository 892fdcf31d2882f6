import { getRouterParam, type H3Event } from 'h3'
import { AppError } from '#server/errors'
import { can } from '#server/policies/server-policy'
import { findBackup, type ViewedBackup } from '#server/services/backups/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import { andThen, type Guard } from './define-route'

/** A backup of the server in the path; that of another server does not exist. */
export function onBackup(permission: ServerPermission): Guard<OnServer & { backup: ViewedBackup }> {
  const find = async (event: H3Event, through: OnServer) => {
    const backup = await findBackup(through.server, getRouterParam(event, 'backup', { decode: true }) ?? '')
    if (!backup) throw new AppError('resource.not_found')
    if (!can(through.tie, permission)) throw new AppError('auth.forbidden')
    return { ...through, backup }
  }
  return andThen(onServer('access'), find, { who: 'server', permissions: [permission] })
}
