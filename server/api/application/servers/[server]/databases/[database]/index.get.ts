import { answerDatabase } from '#server/http/databases'
import { defineRoute } from '#server/http/define-route'
import { onManagedDatabase } from '#server/http/on-database'
import { serverDatabases } from '#shared/contracts/application/server-databases'

export default defineRoute(serverDatabases.get, {
  access: onManagedDatabase('read', { withPasswords: true }),
  handle: ({ actor, found, query }) => answerDatabase(actor, query.include, found),
})
