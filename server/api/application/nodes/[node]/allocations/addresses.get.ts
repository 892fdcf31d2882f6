import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { suggestAddresses } from '#server/services/allocations/suggest-addresses'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.addresses, {
  access: onNode('allocations', 'read'),
  handle: async ({ node }) => ({ addresses: await suggestAddresses(node) }),
})
