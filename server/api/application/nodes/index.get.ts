import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { relateNodes } from '#server/http/nodes'
import { serializeNode } from '#server/serializers/application/node'
import { pageOf } from '#server/serializers/envelope'
import { listNodes, NODE_FILTERS, NODE_SORTS } from '#server/services/nodes/list-nodes'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.list, {
  access: administrator('nodes', 'read'),
  async handle({ actor, query, url }) {
    const filters = readFilters(query.filter, NODE_FILTERS)
    const found = await listNodes({
      actor,
      page: query.page,
      size: query.per_page,
      filters,
      sorts: readSorts(query.sort, NODE_SORTS),
    })
    const relations = await relateNodes(actor, query.include, found.rows)
    return pageOf(found, (view) => serializeNode(view, relations.get(view.node.id)), url)
  },
})
