import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { serializeDatabaseOfHost } from '#server/serializers/application/server-database'
import { pageOf } from '#server/serializers/envelope'
import { getDatabaseHost, listDatabasesOfHost } from '#server/services/database-hosts/queries'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.databases, {
  access: administrator('server_databases', 'read'),
  async handle({ actor, params, query, url }) {
    const { host } = await getDatabaseHost(actor, params.databaseHost)
    const text = readFilters(query.filter, ['*'])['*']
    const found = await listDatabasesOfHost({ actor, hostId: host.id, page: query.page, size: query.per_page, text })
    return pageOf(found, serializeDatabaseOfHost, url)
  },
})
