import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { reinstallServer } from '#server/services/servers/reinstall-server'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.reinstall, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server, node }) => reinstallServer({ actor, server, node, event: 'admin:server.reinstall' }),
})
