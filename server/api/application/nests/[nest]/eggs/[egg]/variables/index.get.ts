import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggVariable } from '#server/serializers/application/egg'
import { listOf } from '#server/serializers/envelope'
import { getEggOfNest, variablesOf } from '#server/services/eggs/queries'
import { eggVariables } from '#shared/contracts/application/eggs'

export default defineRoute(eggVariables.list, {
  access: administrator('eggs', 'read'),
  async handle({ params }) {
    const egg = await getEggOfNest(params.nest, params.egg)
    return listOf((await variablesOf(egg.id)).map(serializeEggVariable))
  },
})
