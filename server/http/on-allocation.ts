import { getRouterParam, type H3Event } from 'h3'
import { AppError } from '#server/errors'
import type { AllocationRow } from '#server/database/schema'
import { can } from '#server/policies/server-policy'
import { findAllocation } from '#server/services/network/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import { andThen, type Guard } from './define-route'

/** An allocation of the server in the path; that of another server, or of none, does not exist. */
export function onAllocation(permission: ServerPermission): Guard<OnServer & { allocation: AllocationRow }> {
  const pass = async (event: H3Event, through: OnServer) => {
    const allocation = await findAllocation(through.server, getRouterParam(event, 'allocation') ?? '')
    if (!allocation) throw new AppError('resource.not_found')
    if (!can(through.tie, permission)) throw new AppError('auth.forbidden')
    return { ...through, allocation }
  }
  return andThen(onServer('access'), pass, { who: 'server', permissions: [permission] })
}
