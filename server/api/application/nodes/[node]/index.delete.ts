import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteNode } from '#server/services/nodes/delete-node'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.remove, {
  access: onNode('nodes', 'write'),
  async handle({ actor, node, query }) {
    await deleteNode({ actor, node, force: query.force === true })
  },
})
