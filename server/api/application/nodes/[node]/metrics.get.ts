import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNodeMetrics } from '#server/serializers/application/node-metrics'
import { readMetrics } from '#server/services/nodes/metrics/read-metrics'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.metrics, {
  access: onNode('nodes', 'read'),
  handle: async ({ node, query }) => serializeNodeMetrics(await readMetrics(node, query.window)),
})
