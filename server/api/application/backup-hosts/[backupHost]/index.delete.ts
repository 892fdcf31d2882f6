import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteBackupHost } from '#server/services/backup-hosts/delete-backup-host'
import { getBackupHost } from '#server/services/backup-hosts/queries'
import { backupHosts } from '#shared/contracts/application/backup-hosts'

export default defineRoute(backupHosts.remove, {
  access: administrator('backup_hosts', 'write'),
  async handle({ actor, params }) {
    await deleteBackupHost({ actor, view: await getBackupHost(actor, params.backupHost) })
  },
})
