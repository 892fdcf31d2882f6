import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeNetworkAllocation } from '#server/serializers/client/network'
import { listOf } from '#server/serializers/envelope'
import { listNetwork } from '#server/services/network/queries'
import { network } from '#shared/contracts/client/network'

export default defineRoute(network.list, {
  access: onServer('allocation.read'),
  async handle({ server, tie }) {
    const { rows, addObstacle } = await listNetwork(server)
    return {
      ...listOf(rows.map((row) => serializeNetworkAllocation(row, { server, tie }))),
      meta: { allocation_limit: server.allocationLimit, add_obstacle: addObstacle },
    }
  },
})
