import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteAllocations } from '#server/services/allocations/delete-allocations'
import { getAllocation } from '#server/services/allocations/queries'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.remove, {
  access: onNode('allocations', 'write'),
  async handle({ actor, node, params }) {
    const { id } = await getAllocation(node, params.allocation)
    await deleteAllocations({ actor, node, ids: [id] })
  },
})
