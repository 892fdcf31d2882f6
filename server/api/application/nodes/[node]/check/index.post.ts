import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNodeCheck } from '#server/serializers/application/node-check'
import { checkNode } from '#server/services/nodes/check-node'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.check, {
  access: onNode('nodes', 'read'), // looking changes nothing of the node
  handle: async ({ node }) => serializeNodeCheck(await checkNode({ node })),
})
