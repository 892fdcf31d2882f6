import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeBackupHost } from '#server/serializers/application/backup-host'
import { getBackupHost } from '#server/services/backup-hosts/queries'
import { backupHosts } from '#shared/contracts/application/backup-hosts'

export default defineRoute(backupHosts.get, {
  access: administrator('backup_hosts', 'read'),
  async handle({ actor, params }) {
    return serializeBackupHost(await getBackupHost(actor, params.backupHost))
  },
})
