import { AppError } from '#server/errors'
import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { includeSubusers } from '#server/http/subusers'
import { serializeServerDetail } from '#server/serializers/client/server'
import { viewServer } from '#server/services/servers/client-view'
import { servers } from '#shared/contracts/client/servers'

export default defineRoute(servers.get, {
  access: onServer('access', { condition: 'any' }),
  async handle({ actor, server, tie, query }) {
    const view = await viewServer(server)
    if (!view) throw new AppError('server.not_found')
    const subusers = await includeSubusers(query.include, [{ server, tie }])
    return serializeServerDetail(view, { actor, tie, includes: query.include, subusers })
  },
})
