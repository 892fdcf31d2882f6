import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeBackupHost } from '#server/serializers/application/backup-host'
import { getBackupHost } from '#server/services/backup-hosts/queries'
import { updateBackupHost } from '#server/services/backup-hosts/save-backup-host'
import { backupHosts } from '#shared/contracts/application/backup-hosts'

export default defineRoute(backupHosts.update, {
  access: administrator('backup_hosts', 'write'),
  async handle({ actor, params, body }) {
    const view = await getBackupHost(actor, params.backupHost)
    return serializeBackupHost(await updateBackupHost({ actor, view, asked: body }))
  },
})
