import { defineRoute } from '#server/http/define-route'
import { onManagedDatabase } from '#server/http/on-database'
import { deleteDatabase } from '#server/services/databases/delete-database'
import { serverDatabases } from '#shared/contracts/application/server-databases'

export default defineRoute(serverDatabases.remove, {
  access: onManagedDatabase('write'),
  async handle({ actor, found: { database } }) {
    await deleteDatabase({ actor, database })
  },
})
