import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerOwn } from '#server/http/own-database'
import { chooseDatabaseHost } from '#server/services/database-hosts/choose-database-host'
import { createDatabase } from '#server/services/databases/create-database'
import { databases } from '#shared/contracts/client/databases'

export default defineRoute(databases.create, {
  access: onServer('database.create'),
  async handle({ actor, server, node, tie, body }) {
    const host = await chooseDatabaseHost(node, body.host)
    const made = await createDatabase({ actor, server, node, host, name: body.database, remote: body.remote })
    return answerOwn(server, tie, made)
  },
})
