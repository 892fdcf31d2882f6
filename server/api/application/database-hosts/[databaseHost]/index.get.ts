import { administrator } from '#server/http/access'
import { answerHost } from '#server/http/databases'
import { defineRoute } from '#server/http/define-route'
import { getDatabaseHost } from '#server/services/database-hosts/queries'
import { databaseHosts } from '#shared/contracts/application/database-hosts'

export default defineRoute(databaseHosts.get, {
  access: administrator('database_hosts', 'read'),
  async handle({ actor, params, query }) {
    return answerHost(actor, query.include, await getDatabaseHost(actor, params.databaseHost))
  },
})
