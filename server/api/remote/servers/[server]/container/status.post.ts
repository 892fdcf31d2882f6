import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { notePower } from '#server/services/servers/note-power'

export default defineRoute(remote.reportStatus, {
  access: fromNode('server'),
  handle: ({ server }) => notePower(server),
})
