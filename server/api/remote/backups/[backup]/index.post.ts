import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { finishBackup } from '#server/services/backups/finish-backup'

export default defineRoute(remote.reportBackup, {
  access: fromNode('backup'),
  async handle({ backup, body }) {
    const { successful, size, checksum, checksum_type: kind } = body
    await finishBackup({
      backup,
      outcome: successful
        ? { isSuccessful: true, bytes: size, checksum: `${kind}:${checksum}` }
        : { isSuccessful: false },
    })
  },
})
