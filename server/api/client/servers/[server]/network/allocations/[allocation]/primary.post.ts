import { defineRoute } from '#server/http/define-route'
import { onAllocation } from '#server/http/on-allocation'
import { serializeNetworkAllocation } from '#server/serializers/client/network'
import { makePrimary } from '#server/services/network/make-primary'
import { network } from '#shared/contracts/client/network'

export default defineRoute(network.makePrimary, {
  access: onAllocation('allocation.update'),
  async handle({ actor, server, tie, allocation }) {
    const after = await makePrimary({ actor, server, allocation })
    return serializeNetworkAllocation(after.allocation, { server: after.server, tie })
  },
})
