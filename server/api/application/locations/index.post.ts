import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerLocation } from '#server/http/locations'
import { resourceAt } from '#server/serializers/envelope'
import { createLocation } from '#server/services/locations/save-location'
import { locations } from '#shared/contracts/application/locations'

export default defineRoute(locations.create, {
  access: administrator('locations', 'write'),
  async handle({ actor, query, body, url }) {
    const row = await createLocation({ actor, asked: body })
    return { ...(await answerLocation(actor, query.include, row)), meta: resourceAt(url, row.id) }
  },
})
