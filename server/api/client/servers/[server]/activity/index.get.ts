import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { serializeActivity } from '#server/serializers/client/activity'
import { pageOf } from '#server/serializers/envelope'
import { ACTIVITY_FILTERS, ACTIVITY_SORTS } from '#server/services/activity/list-activity'
import { listServerActivity } from '#server/services/activity/list-server-activity'
import { serverActivity } from '#shared/contracts/client/activity'

export default defineRoute(serverActivity.list, {
  access: onServer('activity.read'),
  async handle({ actor, server, query, url }) {
    const found = await listServerActivity(server, {
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, ACTIVITY_FILTERS),
      sorts: readSorts(query.sort, ACTIVITY_SORTS),
    })
    const [withActor, withOrigin] = [query.include.includes('actor'), query.include.includes('origin')]
    return pageOf(found, (row) => serializeActivity(row, { viewer: actor, withActor, withOrigin }), url)
  },
})
