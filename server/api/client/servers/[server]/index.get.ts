import { onViewedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { includeSubusers } from '#server/http/subusers'
import { serializeServerDetail } from '#server/serializers/client/server'
import { servers } from '#shared/contracts/client/servers'

export default defineRoute(servers.get, {
  access: onViewedServer(),
  async handle({ actor, server, view, tie, query }) {
    const subusers = await includeSubusers(query.include, [{ server, tie }])
    return serializeServerDetail(view, { actor, tie, includes: query.include, subusers })
  },
})
