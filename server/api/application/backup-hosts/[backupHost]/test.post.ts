import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { checkBackupHost } from '#server/services/backup-hosts/check-backup-host'
import { getBackupHost } from '#server/services/backup-hosts/queries'
import { backupHosts } from '#shared/contracts/application/backup-hosts'

export default defineRoute(backupHosts.test, {
  access: administrator('backup_hosts', 'write'),
  async handle({ actor, params }) {
    const { host } = await getBackupHost(actor, params.backupHost)
    return itemOf('backup_host_check', await checkBackupHost(host))
  },
})
