import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getEggSource } from '#server/services/egg-sources/queries'
import { deleteSource } from '#server/services/egg-sources/save-source'
import { eggSources } from '#shared/contracts/application/egg-sources'

export default defineRoute(eggSources.remove, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params }) {
    await deleteSource({ actor, source: await getEggSource(params.eggSource) })
  },
})
