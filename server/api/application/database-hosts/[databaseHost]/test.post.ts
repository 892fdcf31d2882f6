import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { itemOf } from '#server/serializers/envelope'
import { checkDatabaseHost } from '#server/services/database-hosts/check-database-host'
import { getReachedHost } from '#server/services/database-hosts/queries'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.test, {
  access: administrator('database_hosts', 'write'),
  async handle({ actor, params }) {
    const host = await getReachedHost(actor, params.databaseHost)
    return itemOf('database_host_check', await checkDatabaseHost(host, { isThorough: true }))
  },
})
