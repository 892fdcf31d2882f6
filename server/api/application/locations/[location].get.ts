import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerLocation } from '#server/http/locations'
import { getLocation } from '#server/services/locations/queries'
import { locations } from '#shared/contracts/application/locations'

export default defineRoute(locations.get, {
  access: administrator('locations', 'read'),
  async handle({ actor, params, query }) {
    return answerLocation(actor, query.include, await getLocation(params.location))
  },
})
