import { defineRoute } from '#server/http/define-route'
import { onAllocation } from '#server/http/on-allocation'
import { releaseAllocation } from '#server/services/network/release-allocation'
import { network } from '#shared/contracts/client/network'

export default defineRoute(network.release, {
  access: onAllocation('allocation.delete'),
  async handle({ actor, server, tie, allocation }) {
    await releaseAllocation({ actor, server, tie, allocation })
  },
})
