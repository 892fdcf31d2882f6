import { administrator } from '#server/http/access'
import { answerHosts } from '#server/http/databases'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { pageOf } from '#server/serializers/envelope'
import { DATABASE_HOST_FILTERS, DATABASE_HOST_SORTS, listDatabaseHosts } from '#server/services/database-hosts/queries'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.list, {
  access: administrator('database_hosts', 'read'),
  async handle({ actor, query, url }) {
    const found = await listDatabaseHosts({
      actor,
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, DATABASE_HOST_FILTERS),
      sorts: readSorts(query.sort, DATABASE_HOST_SORTS),
    })
    const rows = await answerHosts(actor, query.include, found.rows)
    return pageOf({ ...found, rows }, (row) => row, url)
  },
})
