import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeAllocation } from '#server/serializers/application/allocation'
import { getAllocation } from '#server/services/allocations/queries'
import { renameAllocation } from '#server/services/allocations/rename-allocation'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.update, {
  access: onNode('allocations', 'write'),
  async handle({ actor, node, params, body }) {
    const allocation = await getAllocation(node, params.allocation)
    return serializeAllocation(await renameAllocation({ actor, allocation, alias: body.alias }))
  },
})
