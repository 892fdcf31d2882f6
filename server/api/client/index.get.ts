import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters } from '#server/http/filters'
import { includeSubusers } from '#server/http/subusers'
import { pageOf } from '#server/serializers/envelope'
import { serializeServer } from '#server/serializers/client/server'
import { listMyServers } from '#server/services/servers/list-my-servers'
import { servers } from '#shared/contracts/client/servers'

export default defineRoute(servers.list, {
  access: signedIn({ takesNarrowedKeys: true }),
  async handle({ actor, query, url }) {
    const filters = readFilters(query.filter, ['uuid', 'name', 'description', 'external_id', '*'])
    const found = await listMyServers({ actor, page: query.page, size: query.per_page, type: query.type, filters })
    const subusers = await includeSubusers(query.include, found.rows)
    return pageOf(found, (row) => serializeServer(row, { actor, tie: row.tie, includes: query.include, subusers }), url)
  },
})
