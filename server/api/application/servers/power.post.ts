import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeServerResult } from '#server/serializers/application/server-result'
import { listOf } from '#server/serializers/envelope'
import { powerMany } from '#server/services/servers/act-on-many'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.power, {
  access: administrator('servers', 'write'),
  async handle({ actor, body: { servers, signal } }) {
    return listOf((await powerMany({ actor, ids: servers.map(String), signal })).map(serializeServerResult))
  },
})
