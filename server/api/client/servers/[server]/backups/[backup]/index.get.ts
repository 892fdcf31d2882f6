import { defineRoute } from '#server/http/define-route'
import { onBackup } from '#server/http/on-backup'
import { serializeBackup } from '#server/serializers/client/backup'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.get, {
  access: onBackup('backup.read'),
  handle: async ({ backup }) => serializeBackup(backup),
})
