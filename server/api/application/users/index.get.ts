import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { relateUsers } from '#server/http/users'
import { serializeUser } from '#server/serializers/application/user'
import { pageOf } from '#server/serializers/envelope'
import { listUsers, USER_FILTERS, USER_SORTS } from '#server/services/users/queries'
import { users } from '#shared/contracts/application/users'

export default defineRoute(users.list, {
  access: administrator('users', 'read'),
  async handle({ actor, query, url }) {
    const filters = readFilters(query.filter, USER_FILTERS)
    const found = await listUsers({
      page: query.page,
      size: query.per_page,
      filters,
      sorts: readSorts(query.sort, USER_SORTS),
    })
    const relations = await relateUsers(actor, query.include, found.rows)
    return pageOf(found, (row) => serializeUser(row, relations.get(row.id)), url)
  },
})
