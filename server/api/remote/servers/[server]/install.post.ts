import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { finishInstall } from '#server/services/servers/finish-install'

export default defineRoute(remote.reportInstallation, {
  access: fromNode('server'),
  handle: ({ server, body }) => finishInstall({ server, successful: body.successful, isReinstall: body.reinstall }),
})
