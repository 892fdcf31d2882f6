import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { reportTransferFailure } from '#server/services/transfers/report-failure'

export default defineRoute(remote.reportFailedTransferByGet, {
  access: fromNode('server', { after: 'transfer' }), // said again, it may be over already
  handle: ({ node, server }) => reportTransferFailure({ node, server }),
})
