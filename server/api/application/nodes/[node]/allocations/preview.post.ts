import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { previewAllocations } from '#server/services/allocations/create-allocations'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.preview, {
  access: onNode('allocations', 'read'),
  handle: ({ node, body }) => previewAllocations({ node, asked: body }),
})
