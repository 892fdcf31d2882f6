import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerServer } from '#server/http/managed-servers'
import { updateStartup } from '#server/services/servers/update-startup'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.startup, {
  access: onManagedServer('servers', 'write'),
  async handle({ actor, server, node, query, body }) {
    await updateStartup({ actor, server, node, asked: body })
    return answerServer(actor, query.include, server)
  },
})
