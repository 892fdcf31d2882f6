import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNodeCheck } from '#server/serializers/application/node-check'
import { lastCheckOf } from '#server/services/nodes/check-node'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.lastCheck, {
  access: onNode('nodes', 'read'),
  async handle({ node }) {
    const check = lastCheckOf(node.lastCheck)
    return { check: check && serializeNodeCheck(check) }
  },
})
