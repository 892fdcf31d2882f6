import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { resetServers } from '#server/services/servers/reset-servers'

export default defineRoute(remote.resetServers, {
  access: fromNode(),
  handle: ({ node }) => resetServers(node),
})
