import { accountActivity } from '#shared/contracts/client/activity'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { serializeActivity } from '#server/serializers/client/activity'
import { pageOf } from '#server/serializers/envelope'
import { ACTIVITY_FILTERS, ACTIVITY_SORTS, listAccountActivity } from '#server/services/activity/list-activity'

export default defineRoute(accountActivity.list, {
  access: signedIn(),
  async handle({ actor, query, url }) {
    const filters = readFilters(query.filter, ACTIVITY_FILTERS)
    const found = await listAccountActivity(actor.userId, {
      page: query.page,
      size: query.per_page,
      filters,
      sorts: readSorts(query.sort, ACTIVITY_SORTS),
    })
    const [withActor, withOrigin] = [query.include.includes('actor'), query.include.includes('origin')]
    return pageOf(found, (row) => serializeActivity(row, { viewer: actor, withActor, withOrigin }), url)
  },
})
