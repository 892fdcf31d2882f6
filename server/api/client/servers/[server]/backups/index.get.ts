import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeBackup } from '#server/serializers/client/backup'
import { pageOf, stampOf } from '#server/serializers/envelope'
import { listBackups } from '#server/services/backups/queries'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.list, {
  access: onServer('backup.read'),
  async handle({ server, query, url }) {
    const found = await listBackups(server, { page: query.page, size: query.per_page })
    const page = pageOf(found, serializeBackup, url)
    return {
      ...page,
      meta: {
        ...page.meta,
        backup_count: found.kept,
        backup_limit: server.backupLimit,
        used_bytes: found.bytes,
        next_possible_at: found.nextPossibleAt && stampOf(found.nextPossibleAt),
      },
    }
  },
})
