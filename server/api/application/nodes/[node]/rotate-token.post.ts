import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNode } from '#server/http/nodes'
import { rotateToken } from '#server/services/nodes/rotate-token'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.rotateToken, {
  access: onNode('nodes', 'write'),
  async handle({ actor, node, url }) {
    await rotateToken({ actor, node, panel: url.origin })
    return answerNode(actor, [], node)
  },
})
