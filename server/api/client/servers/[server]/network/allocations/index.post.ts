import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNetworkAllocation } from '#server/serializers/client/network'
import { addAllocation } from '#server/services/network/add-allocation'
import { network } from '#shared/contracts/client/network'

export default defineRoute(network.add, {
  access: onServer('allocation.create'),
  async handle({ actor, server, tie }) {
    return serializeNetworkAllocation(await addAllocation({ actor, server }), { server, tie })
  },
})
