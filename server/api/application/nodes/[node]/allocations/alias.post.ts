import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { setAliases } from '#server/services/allocations/set-aliases'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.aliasMany, {
  access: onNode('allocations', 'write'),
  handle: ({ actor, node, body }) =>
    setAliases({ actor, node, ids: body.allocations.map(String), alias: body.alias?.trim() || null }),
})
