import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeDatabaseHost } from '#server/serializers/application/database-host'
import { getDatabaseHost } from '#server/services/database-hosts/queries'
import { updateDatabaseHost } from '#server/services/database-hosts/save-database-host'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.update, {
  access: administrator('database_hosts', 'write'),
  async handle({ actor, params, body }) {
    const view = await getDatabaseHost(actor, params.databaseHost)
    return serializeDatabaseHost(await updateDatabaseHost({ actor, view, asked: body }))
  },
})
