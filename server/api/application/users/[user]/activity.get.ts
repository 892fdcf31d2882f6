import { users } from '#shared/contracts/application/users'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { serializeActivity } from '#server/serializers/client/activity'
import { pageOf } from '#server/serializers/envelope'
import { ACTIVITY_FILTERS } from '#server/services/activity/list-activity'
import { listActivityAround } from '#server/services/users/list-activity'
import { getUser } from '#server/services/users/queries'

export default defineRoute(users.activity, {
  access: administrator('audit', 'read'),
  async handle({ actor, params, query, url }) {
    const found = await listActivityAround({
      actor,
      user: await getUser(params.user),
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, ACTIVITY_FILTERS),
    })
    const [withActor, withOrigin] = [query.include.includes('actor'), query.include.includes('origin')]
    return pageOf(found, (row) => serializeActivity(row, { viewer: actor, withActor, withOrigin }), url)
  },
})
