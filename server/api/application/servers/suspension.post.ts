import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeServerResult } from '#server/serializers/application/server-result'
import { listOf } from '#server/serializers/envelope'
import { suspendMany } from '#server/services/servers/act-on-many'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.suspension, {
  access: administrator('servers', 'write'),
  async handle({ actor, body: { servers, suspended } }) {
    return listOf((await suspendMany({ actor, ids: servers.map(String), suspended })).map(serializeServerResult))
  },
})
