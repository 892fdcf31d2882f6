import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { reportArrival } from '#server/services/transfers/report-arrival'

export default defineRoute(remote.reportArrivalByGet, {
  access: fromNode('server', { after: 'transfer' }), // said again, it may be over already
  handle: ({ node, server }) => reportArrival({ node, server }),
})
