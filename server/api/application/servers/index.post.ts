import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerServer } from '#server/http/managed-servers'
import { createServer } from '#server/services/servers/create-server'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.create, {
  access: administrator('servers', 'write'),
  async handle({ actor, query, body }) {
    return answerServer(actor, query.include, await createServer({ actor, asked: body }))
  },
})
