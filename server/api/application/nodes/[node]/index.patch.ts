import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNode } from '#server/http/nodes'
import { updateNode } from '#server/services/nodes/update-node'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.update, {
  access: onNode('nodes', 'write'),
  async handle({ actor, node, query, body, url }) {
    await updateNode({ actor, node, asked: body, resetsSecret: body.reset_secret === true, panel: url.origin })
    return answerNode(actor, query.include, node)
  },
})
