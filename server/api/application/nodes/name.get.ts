import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { lookUpName } from '#server/services/nodes/look-up-name'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.lookUpName, {
  access: administrator('nodes', 'write'),
  async handle({ query }) {
    const { addresses, isPrivate } = await lookUpName(query.fqdn)
    return { addresses, is_private: isPrivate }
  },
})
