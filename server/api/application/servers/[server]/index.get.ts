import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerServer } from '#server/http/managed-servers'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.get, {
  access: onManagedServer('servers', 'read'),
  handle: ({ actor, server, query }) => answerServer(actor, query.include, server),
})
