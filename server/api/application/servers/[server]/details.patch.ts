import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerServer } from '#server/http/managed-servers'
import { updateDetails } from '#server/services/servers/update-details'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.details, {
  access: onManagedServer('servers', 'write'),
  async handle({ actor, server, query, body }) {
    await updateDetails({ actor, server, asked: body })
    return answerServer(actor, query.include, server)
  },
})
