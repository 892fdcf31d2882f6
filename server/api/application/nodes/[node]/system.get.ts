import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNodeSystem } from '#server/serializers/application/node-check'
import { readSystem } from '#server/services/nodes/read-system'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.system, {
  access: onNode('nodes', 'read'),
  handle: async ({ node }) => serializeNodeSystem(await readSystem(node)),
})
