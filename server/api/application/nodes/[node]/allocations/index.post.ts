import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { createAllocations } from '#server/services/allocations/create-allocations'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.create, {
  access: onNode('allocations', 'write'),
  async handle({ actor, node, body }) {
    await createAllocations({ actor, node, asked: body })
  },
})
