import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { renameServer } from '#server/services/servers/rename-server'
import { servers } from '#shared/contracts/client/servers'

export default defineRoute(servers.describe, {
  access: onServer('settings.rename'),
  handle: ({ actor, server, body }) => renameServer({ actor, server, description: body.description ?? null }),
})
