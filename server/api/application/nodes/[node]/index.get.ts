import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNode } from '#server/http/nodes'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.get, {
  access: onNode('nodes', 'read'),
  handle: ({ actor, node, query }) => answerNode(actor, query.include, node),
})
