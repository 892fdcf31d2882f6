import { onNode } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { serializeActivity } from '#server/serializers/client/activity'
import { pageOf } from '#server/serializers/envelope'
import { ACTIVITY_FILTERS, ACTIVITY_SORTS, listNodeActivity } from '#server/services/activity/list-activity'
import { nodes } from '#shared/contracts/application/nodes'

export default defineRoute(nodes.activity, {
  access: onNode('audit', 'read'),
  async handle({ actor, node, query, url }) {
    const found = await listNodeActivity(node.id, {
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, ACTIVITY_FILTERS),
      sorts: readSorts(query.sort, ACTIVITY_SORTS),
    })
    const [withActor, withOrigin] = [query.include.includes('actor'), query.include.includes('origin')]
    return pageOf(found, (row) => serializeActivity(row, { viewer: actor, withActor, withOrigin }), url)
  },
})
