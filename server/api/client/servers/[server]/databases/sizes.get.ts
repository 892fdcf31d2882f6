import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeDatabaseSize } from '#server/serializers/client/database'
import { listOf } from '#server/serializers/envelope'
import { measureDatabases } from '#server/services/databases/measure-databases'
import { databases } from '#shared/contracts/client/databases'

export default defineRoute(databases.sizes, {
  access: onServer('database.read'),
  handle: async ({ server }) => listOf((await measureDatabases(server)).map(serializeDatabaseSize)),
})
