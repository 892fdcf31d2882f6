import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggSource } from '#server/serializers/application/egg-source'
import { getEggSource } from '#server/services/egg-sources/queries'
import { refreshSource } from '#server/services/egg-sources/refresh-source'
import { eggSources } from '#shared/contracts/application/egg-sources'

export default defineRoute(eggSources.refresh, {
  access: administrator('eggs', 'write'),
  async handle({ params }) {
    return serializeEggSource(await refreshSource(await getEggSource(params.eggSource)))
  },
})
