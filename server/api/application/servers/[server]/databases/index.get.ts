import { onManagedServer } from '#server/http/access'
import { answerDatabases } from '#server/http/databases'
import { defineRoute } from '#server/http/define-route'
import { listOf } from '#server/serializers/envelope'
import { listDatabases } from '#server/services/databases/queries'
import { serverDatabases } from '#shared/contracts/application/server-databases'

export default defineRoute(serverDatabases.list, {
  access: onManagedServer('server_databases', 'read'),
  async handle({ actor, server, query: { include } }) {
    const found = await listDatabases(server, { withPasswords: include.includes('password') })
    return listOf(await answerDatabases(actor, include, found))
  },
})
