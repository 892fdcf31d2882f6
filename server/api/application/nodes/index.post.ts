import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNode } from '#server/http/nodes'
import { resourceAt } from '#server/serializers/envelope'
import { createNode } from '#server/services/nodes/create-node'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.create, {
  access: administrator('nodes', 'write'),
  async handle({ actor, query, body, url }) {
    const node = await createNode({ actor, asked: body })
    return { ...(await answerNode(actor, query.include, node)), meta: resourceAt(url, node.id) }
  },
})
