import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggVariable } from '#server/serializers/application/egg'
import { listOf } from '#server/serializers/envelope'
import { getEggOfNest } from '#server/services/eggs/queries'
import { orderVariables } from '#server/services/eggs/save-variable'
import { eggVariables } from '#shared/contracts/application/eggs'

export default defineRoute(eggVariables.order, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, body }) {
    const egg = await getEggOfNest(params.nest, params.egg)
    return listOf((await orderVariables({ actor, egg, ids: body.order.map(String) })).map(serializeEggVariable))
  },
})
