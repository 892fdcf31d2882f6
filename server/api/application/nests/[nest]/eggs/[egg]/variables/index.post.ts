import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggVariable } from '#server/serializers/application/egg'
import { getEggOfNest } from '#server/services/eggs/queries'
import { createVariable } from '#server/services/eggs/save-variable'
import { eggVariables } from '#shared/contracts/application/eggs'

export default defineRoute(eggVariables.create, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, body }) {
    return serializeEggVariable(
      await createVariable({ actor, egg: await getEggOfNest(params.nest, params.egg), asked: body }),
    )
  },
})
