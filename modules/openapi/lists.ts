import { KEY_FILTERS, KEY_SORTS } from '#server/services/api-keys/queries'
import { ACTIVITY_FILTERS, ACTIVITY_SORTS } from '#server/services/activity/list-activity'
import { ALLOCATION_FILTERS } from '#server/services/allocations/queries'
import { AUDIT_FILTERS } from '#server/services/audit/conditions'
import { BACKUP_HOST_FILTERS, BACKUP_HOST_SORTS } from '#server/services/backup-hosts/queries'
import { DATABASE_HOST_FILTERS, DATABASE_HOST_SORTS } from '#server/services/database-hosts/queries'
import { LOCATION_FILTERS, LOCATION_SORTS } from '#server/services/locations/queries'
import { MOUNT_FILTERS, MOUNT_SORTS } from '#server/services/mounts/queries'
import { NODE_FILTERS, NODE_SORTS } from '#server/services/nodes/list-nodes'
import { ROLE_FILTERS, ROLE_SORTS } from '#server/services/roles/queries'
import { SERVER_FILTERS, SERVER_SORTS } from '#server/services/servers/list-servers'
import { USER_FILTERS, USER_SORTS } from '#server/services/users/queries'

interface ListQuery {
  filters: readonly string[]
  /** None where the list has one order. */
  sorts?: readonly string[]
}

const activity: ListQuery = { filters: ACTIVITY_FILTERS, sorts: ACTIVITY_SORTS }
/** The newest first, always. */
const newest: ListQuery = { filters: ACTIVITY_FILTERS }

/** By what a list can be narrowed and ordered. The contracts only say that it can; a test asks each list. */
export const LISTS: Record<string, ListQuery> = {
  'GET /api/client': { filters: ['uuid', 'name', 'description', 'external_id', '*'] },
  'GET /api/client/account/activity': activity,
  'GET /api/client/servers/:server/activity': activity,
  'GET /api/client/servers/:server/activity/export': newest,
  'GET /api/application/api-keys': { filters: KEY_FILTERS, sorts: KEY_SORTS },
  'GET /api/application/audit': { filters: AUDIT_FILTERS },
  'GET /api/application/audit/export': { filters: AUDIT_FILTERS },
  'GET /api/application/backup-hosts': { filters: BACKUP_HOST_FILTERS, sorts: BACKUP_HOST_SORTS },
  'GET /api/application/database-hosts': { filters: DATABASE_HOST_FILTERS, sorts: DATABASE_HOST_SORTS },
  'GET /api/application/database-hosts/:databaseHost/databases': { filters: ['*'] },
  'GET /api/application/locations': { filters: LOCATION_FILTERS, sorts: LOCATION_SORTS },
  'GET /api/application/mounts': { filters: MOUNT_FILTERS, sorts: MOUNT_SORTS },
  'GET /api/application/nodes': { filters: NODE_FILTERS, sorts: NODE_SORTS },
  'GET /api/application/nodes/:node/activity': activity,
  'GET /api/application/nodes/:node/allocations': { filters: ALLOCATION_FILTERS },
  'GET /api/application/roles': { filters: ROLE_FILTERS, sorts: ROLE_SORTS },
  'GET /api/application/servers': { filters: SERVER_FILTERS, sorts: SERVER_SORTS },
  'GET /api/application/servers/:server/activity': activity,
  'GET /api/application/users': { filters: USER_FILTERS, sorts: USER_SORTS },
  'GET /api/application/users/:user/activity': newest,
}
