import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerServer } from '#server/http/managed-servers'
import { changeEgg } from '#server/services/servers/change-egg'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.changeEgg, {
  access: onManagedServer('servers', 'write'),
  async handle({ actor, server, node, query, body: { egg, keep_variables: keepsVariables } }) {
    await changeEgg({ actor, server, node, eggId: String(egg), keepsVariables })
    return answerServer(actor, query.include, server)
  },
})
