import { defineRoute } from '#server/http/define-route'
import { onDatabase } from '#server/http/on-database'
import { deleteDatabase } from '#server/services/databases/delete-database'
import { databases } from '#shared/contracts/client/databases'

export default defineRoute(databases.remove, {
  access: onDatabase('database.delete'),
  async handle({ actor, found: { database } }) {
    await deleteDatabase({ actor, database })
  },
})
