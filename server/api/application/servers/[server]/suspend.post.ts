import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { suspendServer } from '#server/services/servers/suspend-server'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.suspend, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server, node }) => suspendServer({ actor, server, node }),
})
