import { AppError } from '#server/errors'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { reachesNode } from '#server/policies/administration-policy'
import { answerServer } from '#server/http/managed-servers'
import { findServerByExternalId } from '#server/services/servers/find-server'
import { managedServers } from '#shared/contracts/application/servers'

export default defineRoute(managedServers.getByExternalId, {
  access: administrator('servers', 'read'),
  async handle({ actor, params, query }) {
    const found = await findServerByExternalId(params.external)
    if (!found || !reachesNode(actor, found.node.id)) throw new AppError('resource.not_found')
    return answerServer(actor, query.include, found.server)
  },
})
