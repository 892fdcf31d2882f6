import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggSource } from '#server/serializers/application/egg-source'
import { listOf } from '#server/serializers/envelope'
import { listEggSources } from '#server/services/egg-sources/queries'
import { eggSources } from '#shared/contracts/application/egg-sources'

export default defineRoute(eggSources.list, {
  access: administrator('eggs', 'read'),
  async handle() {
    return listOf((await listEggSources()).map(serializeEggSource))
  },
})
