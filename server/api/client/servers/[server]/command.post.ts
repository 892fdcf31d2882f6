import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { sendCommand } from '#server/services/servers/send-command'
import { serverConsole } from '#shared/contracts/client/console'

export default defineRoute(serverConsole.command, {
  access: onServer('control.console'),
  handle: ({ actor, server, node, body }) => sendCommand({ actor, server, node, command: body.command }),
})
