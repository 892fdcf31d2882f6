import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { stampOf } from '#server/serializers/envelope'
import { createDeployKey } from '#server/services/nodes/create-deploy-key'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.createDeployKey, {
  access: onNode('nodes', 'write'),
  async handle({ actor, node, url }) {
    const { token, expiresAt, commands } = await createDeployKey({ actor, node, panel: url.origin })
    return { token, expires_at: stampOf(expiresAt), commands }
  },
})
