import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerLocation } from '#server/http/locations'
import { getLocation } from '#server/services/locations/queries'
import { updateLocation } from '#server/services/locations/save-location'
import { locations } from '#shared/contracts/application/locations'

export default defineRoute(locations.update, {
  access: administrator('locations', 'write'),
  async handle({ actor, params, query, body }) {
    const location = await updateLocation({ actor, location: await getLocation(params.location), asked: body })
    return answerLocation(actor, query.include, location)
  },
})
