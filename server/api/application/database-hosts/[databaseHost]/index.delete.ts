import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteDatabaseHost } from '#server/services/database-hosts/delete-database-host'
import { getDatabaseHost } from '#server/services/database-hosts/queries'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.remove, {
  access: administrator('database_hosts', 'write'),
  async handle({ actor, params }) {
    await deleteDatabaseHost({ actor, view: await getDatabaseHost(actor, params.databaseHost) })
  },
})
