import { defineRoute } from '#server/http/define-route'
import { onBackup } from '#server/http/on-backup'
import { serializeBackup } from '#server/serializers/client/backup'
import { toggleLock } from '#server/services/backups/toggle-lock'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.lock, {
  access: onBackup('backup.delete'),
  handle: async ({ actor, backup }) => serializeBackup(await toggleLock({ actor, backup })),
})
