import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { relateAllocations } from '#server/http/allocations'
import { serializeAllocation } from '#server/serializers/application/allocation'
import { pageOf } from '#server/serializers/envelope'
import { ALLOCATION_FILTERS, listAllocations } from '#server/services/allocations/queries'
import { allocations } from '#shared/contracts/application/allocations'

export default defineRoute(allocations.list, {
  access: onNode('allocations', 'read'),
  async handle({ actor, node, query, url }) {
    const found = await listAllocations(node, {
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, ALLOCATION_FILTERS, { saysEmpty: ['server_id'] }),
    })
    const relations = await relateAllocations(actor, query.include, found.rows)
    return pageOf(found, (row) => serializeAllocation(row, relations.get(row.id)), url)
  },
})
