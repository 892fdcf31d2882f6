import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { toggleInstalled } from '#server/services/servers/toggle-installed'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.toggleInstalled, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server }) => toggleInstalled({ actor, server }),
})
