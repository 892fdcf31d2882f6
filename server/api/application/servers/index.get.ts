import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { pageOf } from '#server/serializers/envelope'
import { serializeManagedServer } from '#server/serializers/application/server'
import { includedOf, relateServers } from '#server/http/managed-servers'
import { listServers, SERVER_FILTERS, SERVER_SORTS } from '#server/services/servers/list-servers'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.list, {
  access: administrator('servers', 'read'),
  async handle({ actor, query, url }) {
    const filters = readFilters(query.filter, SERVER_FILTERS)
    const found = await listServers({
      actor,
      page: query.page,
      size: query.per_page,
      filters,
      sorts: readSorts(query.sort, SERVER_SORTS),
      included: includedOf(actor, query.include),
    })
    const relations = await relateServers(actor, query.include, found.rows)
    return pageOf(found, (row) => serializeManagedServer(row, relations.get(row.server.id)), url)
  },
})
