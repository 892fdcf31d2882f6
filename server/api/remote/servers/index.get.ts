import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { describeServersOf } from '#server/services/servers/describe-server'

export default defineRoute(remote.listServers, {
  access: fromNode(),
  handle: ({ node, query }) => describeServersOf(node, { page: query.page, size: query.per_page }),
})
