import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { getEggOfNest } from '#server/services/eggs/queries'
import { updateEgg } from '#server/services/eggs/update-egg'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.update, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, query, body }) {
    const egg = await updateEgg({ actor, egg: await getEggOfNest(params.nest, params.egg), asked: body })
    return answerEggInFull(actor, query.include, egg)
  },
})
