import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteServer } from '#server/services/servers/delete-server'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.remove, {
  access: onManagedServer('servers', 'write'),
  handle: ({ actor, server, node }) => deleteServer({ actor, server, node }),
})
