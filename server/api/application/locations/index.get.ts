import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { readFilters, readSorts } from '#server/http/filters'
import { relateLocations } from '#server/http/locations'
import { serializeLocation } from '#server/serializers/application/location'
import { pageOf } from '#server/serializers/envelope'
import { listLocations, LOCATION_FILTERS, LOCATION_SORTS } from '#server/services/locations/queries'
import { locations } from '#shared/contracts/application/locations'

export default defineRoute(locations.list, {
  access: administrator('locations', 'read'),
  async handle({ actor, query, url }) {
    const filters = readFilters(query.filter, LOCATION_FILTERS)
    const found = await listLocations({
      page: query.page,
      size: query.per_page,
      filters,
      sorts: readSorts(query.sort, LOCATION_SORTS),
    })
    const relations = await relateLocations(actor, query.include, found.rows)
    return pageOf(found, (row) => serializeLocation(row, relations.get(row.id)), url)
  },
})
