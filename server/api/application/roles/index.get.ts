import { roles } from '#shared/contracts/application/roles'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { answerRoles } from '#server/http/roles'
import { pageOf } from '#server/serializers/envelope'
import { listRoles, ROLE_FILTERS, ROLE_SORTS } from '#server/services/roles/queries'

export default defineRoute(roles.list, {
  access: administrator('roles', 'read'),
  async handle({ actor, query, url }) {
    const found = await listRoles({
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, ROLE_FILTERS),
      sorts: readSorts(query.sort, ROLE_SORTS),
    })
    const answers = await answerRoles(actor, query.include, found.rows)
    return pageOf({ ...found, rows: answers }, (answer) => answer, url)
  },
})
