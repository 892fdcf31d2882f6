import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getEggOfNest, getVariable } from '#server/services/eggs/queries'
import { deleteVariable } from '#server/services/eggs/save-variable'
import { eggVariables } from '#shared/contracts/application/eggs'

export default defineRoute(eggVariables.remove, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params }) {
    const egg = await getEggOfNest(params.nest, params.egg)
    await deleteVariable({ actor, egg, variable: await getVariable(egg.id, params.variable) })
  },
})
