import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggVariable } from '#server/serializers/application/egg'
import { getEggOfNest, getVariable } from '#server/services/eggs/queries'
import { updateVariable } from '#server/services/eggs/save-variable'
import { eggVariables } from '#shared/contracts/application/eggs'

export default defineRoute(eggVariables.update, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, body }) {
    const egg = await getEggOfNest(params.nest, params.egg)
    const variable = await getVariable(egg.id, params.variable)
    return serializeEggVariable(await updateVariable({ actor, egg, variable, asked: body }))
  },
})
