import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeRunningBackup } from '#server/serializers/client/backup'
import { listOf } from '#server/serializers/envelope'
import { listRunningBackups } from '#server/services/backups/list-running-backups'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.running, {
  access: signedIn({ takesNarrowedKeys: true }),
  handle: async ({ actor }) => listOf((await listRunningBackups(actor)).map(serializeRunningBackup)),
})
