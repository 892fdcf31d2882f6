import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { signSocket } from '#server/services/servers/sign-socket'
import { serverConsole } from '#shared/contracts/client/console'

export default defineRoute(serverConsole.socket, {
  access: onServer('access', { condition: 'watchable' }), // who may not connect is told so in the API's own words
  async handle({ actor, server, node, tie, isTransferring, url }) {
    return { data: await signSocket({ actor, server, node, tie, isTransferring, panel: url.origin }) }
  },
})
