import { defineRoute } from '#server/http/define-route'
import { onBackup } from '#server/http/on-backup'
import { restoreBackup } from '#server/services/backups/restore-backup'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.restore, {
  access: onBackup('backup.restore'),
  handle: ({ actor, server, node, backup, body }) =>
    restoreBackup({ actor, server, node, backup, truncate: body.truncate }),
})
