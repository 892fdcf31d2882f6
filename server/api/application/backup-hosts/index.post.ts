import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeBackupHost } from '#server/serializers/application/backup-host'
import { resourceAt } from '#server/serializers/envelope'
import { createBackupHost } from '#server/services/backup-hosts/save-backup-host'
import { backupHosts } from '#shared/contracts/application/backup-hosts'

export default defineRoute(backupHosts.create, {
  access: administrator('backup_hosts', 'write'),
  async handle({ actor, body, url }) {
    const view = await createBackupHost({ actor, asked: body })
    return { ...serializeBackupHost(view), meta: resourceAt(url, view.host.id) }
  },
})
