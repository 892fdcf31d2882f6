import { defineRoute } from '#server/http/define-route'
import { onBackup } from '#server/http/on-backup'
import { deleteBackup } from '#server/services/backups/delete-backup'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.remove, {
  access: onBackup('backup.delete'),
  handle: ({ actor, server, node, backup }) => deleteBackup({ actor, server, node, backup }),
})
