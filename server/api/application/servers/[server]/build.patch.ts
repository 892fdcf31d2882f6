import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerServer } from '#server/http/managed-servers'
import { updateBuild } from '#server/services/servers/update-build'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.build, {
  access: onManagedServer('servers', 'write'),
  async handle({ actor, server, node, query, body }) {
    await updateBuild({ actor, server, node, asked: body })
    return answerServer(actor, query.include, server)
  },
})
