import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { chooseCommand } from '#server/services/servers/choose-command'
import { startup } from '#shared/contracts/client/startup'

export default defineRoute(startup.chooseCommand, {
  access: onServer('startup.update'),
  async handle({ actor, server, node, body }) {
    await chooseCommand({ actor, server, node, command: body.command })
  },
})
