import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggSource } from '#server/serializers/application/egg-source'
import { getEggSource } from '#server/services/egg-sources/queries'
import { updateSource } from '#server/services/egg-sources/save-source'
import { eggSources } from '#shared/contracts/application/egg-sources'

export default defineRoute(eggSources.update, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, body }) {
    return serializeEggSource(await updateSource({ actor, source: await getEggSource(params.eggSource), asked: body }))
  },
})
