import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { describeConfiguration } from '#server/services/nodes/describe-configuration'
import { spendDeployKey } from '#server/services/nodes/spend-deploy-key'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.configuration, {
  access: onNode('nodes', 'write', { deployKey: true }),
  async handle({ actor, node, url }) {
    await spendDeployKey({ actor, node })
    return describeConfiguration(node, url.origin)
  },
})
