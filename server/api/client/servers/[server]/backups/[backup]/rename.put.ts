import { defineRoute } from '#server/http/define-route'
import { onBackup } from '#server/http/on-backup'
import { serializeBackup } from '#server/serializers/client/backup'
import { renameBackup } from '#server/services/backups/rename-backup'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.rename, {
  access: onBackup('backup.delete'),
  handle: async ({ actor, backup, body }) => serializeBackup(await renameBackup({ actor, backup, name: body.name })),
})
