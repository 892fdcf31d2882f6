import { remote } from '#server/contracts/remote'
import { AppError } from '#server/errors'
import { defineRoute } from '#server/http/define-route'
import { fromNode } from '#server/http/from-node'
import { describeServer } from '#server/services/servers/describe-server'
import { noteArchived } from '#server/services/transfers/note-archived'

export default defineRoute(remote.describeServer, {
  access: fromNode('server', { during: 'transfer' }),
  async handle({ node, server }) {
    const description = await describeServer(node, server)
    if (!description) throw new AppError('resource.not_found')
    await noteArchived(node, server)
    return description
  },
})
