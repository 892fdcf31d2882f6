import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { relateNests } from '#server/http/nests'
import { serializeNest } from '#server/serializers/application/nest'
import { pageOf } from '#server/serializers/envelope'
import { listNests } from '#server/services/nests/queries'
import { nests } from '#shared/contracts/application/nests'

export default defineRoute(nests.list, {
  access: administrator('nests', 'read'),
  async handle({ actor, query, url }) {
    const found = await listNests({ page: query.page, size: query.per_page })
    const relations = await relateNests(actor, query.include, found.rows)
    return pageOf(found, (row) => serializeNest(row, relations.get(row.id)), url)
  },
})
