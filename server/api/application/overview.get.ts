import { administratorOfAny } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeOverview } from '#server/serializers/application/overview'
import { readOverview } from '#server/services/overview/read-overview'
import { overviews } from '#shared/contracts/application/overview'
import { OVERVIEW_RESOURCES } from '#shared/permissions'
import { version } from '../../../package.json'

export default defineRoute(overviews.get, {
  access: administratorOfAny(OVERVIEW_RESOURCES, 'read'),
  async handle({ actor }) {
    return serializeOverview(await readOverview(actor), { version })
  },
})
