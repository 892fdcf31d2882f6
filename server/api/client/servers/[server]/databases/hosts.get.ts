import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeOfferedHost } from '#server/serializers/client/database'
import { listOf } from '#server/serializers/envelope'
import { listOfferedHosts } from '#server/services/database-hosts/choose-database-host'
import { databases } from '#shared/contracts/client/databases'

export default defineRoute(databases.hosts, {
  access: onServer('database.create'),
  handle: async ({ node }) => listOf((await listOfferedHosts(node)).map(serializeOfferedHost)),
})
