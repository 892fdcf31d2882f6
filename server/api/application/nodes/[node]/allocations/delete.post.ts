import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteAllocations } from '#server/services/allocations/delete-allocations'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.removeMany, {
  access: onNode('allocations', 'write'),
  handle: ({ actor, node, body }) => deleteAllocations({ actor, node, ids: body.allocations.map(String) }),
})
