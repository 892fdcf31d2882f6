import { defineRoute } from '#server/http/define-route'
import { onBackup } from '#server/http/on-backup'
import { itemOf } from '#server/serializers/envelope'
import { signArchiveDownload } from '#server/services/backups/sign-archive-download'
import { backups } from '#shared/contracts/client/backups'

export default defineRoute(backups.download, {
  access: onBackup('backup.download'),
  async handle({ actor, server, node, backup, url }) {
    return itemOf('signed_url', {
      url: await signArchiveDownload({ actor, server, node, backup, panel: url.origin }),
    })
  },
})
