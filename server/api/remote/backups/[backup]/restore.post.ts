import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { finishRestore } from '#server/services/backups/finish-restore'

export default defineRoute(remote.reportRestore, {
  access: fromNode('backup', { reports: 'restore' }),
  handle: ({ backup, body }) => finishRestore({ backup, successful: body.successful }),
})
