import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { finishBackup } from '#server/services/backups/finish-backup'
import { finishUpload } from '#server/services/backups/finish-upload'

export default defineRoute(remote.reportBackup, {
  access: fromNode('backup'),
  async handle({ backup, body }) {
    const { successful, size, checksum, checksum_type: kind, parts } = body
    const outcome = successful
      ? ({ isSuccessful: true, bytes: size, checksum: `${kind}:${checksum}` } as const)
      : ({ isSuccessful: false } as const)
    await (backup.disk === 's3' ? finishUpload({ backup, outcome, parts }) : finishBackup({ backup, outcome }))
  },
})
