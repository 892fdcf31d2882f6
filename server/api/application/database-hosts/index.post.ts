import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeDatabaseHost } from '#server/serializers/application/database-host'
import { resourceAt } from '#server/serializers/envelope'
import { createDatabaseHost } from '#server/services/database-hosts/save-database-host'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.create, {
  access: administrator('database_hosts', 'write'),
  async handle({ actor, body, url }) {
    const view = await createDatabaseHost({ actor, asked: body })
    return { ...serializeDatabaseHost(view), meta: resourceAt(url, view.host.id) }
  },
})
