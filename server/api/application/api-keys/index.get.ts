import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { serializeApplicationKey } from '#server/serializers/application/api-key'
import { pageOf } from '#server/serializers/envelope'
import { KEY_FILTERS, KEY_SORTS, listApplicationKeys } from '#server/services/api-keys/queries'
import { applicationKeys } from '#shared/contracts/application/api-keys'

export default defineRoute(applicationKeys.list, {
  access: administrator('api_keys', 'read'),
  async handle({ query, url }) {
    const found = await listApplicationKeys({
      page: query.page,
      size: query.per_page,
      filters: readFilters(query.filter, KEY_FILTERS),
      sorts: readSorts(query.sort, KEY_SORTS),
    })
    return pageOf(found, serializeApplicationKey, url)
  },
})
