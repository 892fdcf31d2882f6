import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { serializeBackupHost } from '#server/serializers/application/backup-host'
import { pageOf } from '#server/serializers/envelope'
import { describeEnvironmentHost } from '#server/services/backup-hosts/host-store'
import { BACKUP_HOST_FILTERS, BACKUP_HOST_SORTS, listBackupHosts } from '#server/services/backup-hosts/queries'
import { backupHosts } from '#shared/contracts/application/backup-hosts'

export default defineRoute(backupHosts.list, {
  access: administrator('backup_hosts', 'read'),
  async handle({ actor, query, url }) {
    const found = await listBackupHosts({
      actor,
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, BACKUP_HOST_FILTERS),
      sorts: readSorts(query.sort, BACKUP_HOST_SORTS),
    })
    const page = pageOf(found, serializeBackupHost, url)
    return { ...page, meta: { ...page.meta, environment: describeEnvironmentHost() } }
  },
})
