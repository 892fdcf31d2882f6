import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggSource } from '#server/serializers/application/egg-source'
import { createSource } from '#server/services/egg-sources/save-source'
import { eggSources } from '#shared/contracts/application/egg-sources'

export default defineRoute(eggSources.create, {
  access: administrator('eggs', 'write'),
  async handle({ actor, body }) {
    return serializeEggSource(await createSource({ actor, asked: body }))
  },
})
