import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { reinstallServer } from '#server/services/servers/reinstall-server'
import { servers } from '#shared/contracts/client/servers'

export default defineRoute(servers.reinstall, {
  access: onServer('settings.reinstall'),
  async handle({ actor, server, node }) {
    await reinstallServer({ actor, server, node, event: 'server:reinstall' })
    return []
  },
})
