import { remote } from '#server/contracts/remote'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { recordNodeActivity } from '#server/services/activity/record-node-activity'

export default defineRoute(remote.reportActivity, {
  access: fromNode(),
  handle: ({ node, body }) => recordNodeActivity(node, body.data),
})
