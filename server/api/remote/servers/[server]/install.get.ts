import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { describeInstallation } from '#server/services/servers/describe-installation'

export default defineRoute(remote.describeInstallation, {
  access: fromNode('server'),
  handle: ({ server }) => describeInstallation(server),
})
