import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggChange } from '#server/serializers/application/egg-change'
import { previewEggChange } from '#server/services/servers/change-egg'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.previewEgg, {
  access: onManagedServer('servers', 'write'),
  async handle({ server, body: { egg, keep_variables: keepsVariables } }) {
    return serializeEggChange(server, await previewEggChange(server, { eggId: String(egg), keepsVariables }))
  },
})
