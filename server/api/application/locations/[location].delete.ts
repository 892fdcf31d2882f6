import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteLocation } from '#server/services/locations/delete-location'
import { getLocation } from '#server/services/locations/queries'
import { locations } from '#shared/contracts/application/locations'

export default defineRoute(locations.remove, {
  access: administrator('locations', 'write'),
  async handle({ actor, params }) {
    await deleteLocation({ actor, location: await getLocation(params.location) })
  },
})
