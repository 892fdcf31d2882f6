import { getRouterParam, type H3Event } from 'h3'
import type { AllocationRow, ServerRow } from '#server/database/schema'
import { AppError } from '#server/errors'
import { findAllocation } from '#server/services/network/queries'
import type { ServerPermission } from '#shared/permissions'
import { onServer, type OnServer } from './access'
import type { Guard } from './define-route'

/** An allocation of the server in the path; that of another server, or of none, does not exist. */
export const onAllocation = (permission: ServerPermission): Guard<OnServer & { allocation: AllocationRow }> =>
  onServer(permission, { holding })

async function holding(event: H3Event, server: ServerRow): Promise<{ allocation: AllocationRow }> {
  const allocation = await findAllocation(server, getRouterParam(event, 'allocation') ?? '')
  if (!allocation) throw new AppError('resource.not_found')
  return { allocation }
}
