import { remote } from '#server/contracts/remote'
import { AppError } from '#server/errors'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { recordNodeActivity } from '#server/services/activity/record-node-activity'

export default defineRoute(remote.reportActivity, {
  access: fromNode(),
  handle: ({ node, body }) => {
    if (body.isTooLarge) throw new AppError('request.too_large')
    return recordNodeActivity(node, body.data)
  },
})
