import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { unsuspendServer } from '#server/services/servers/suspend-server'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.unsuspend, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server, node }) => unsuspendServer({ actor, server, node }),
})
