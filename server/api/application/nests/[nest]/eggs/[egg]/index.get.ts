import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEgg } from '#server/http/eggs'
import { getEggOfNest } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.getOfNest, {
  access: administrator('eggs', 'read'),
  async handle({ actor, params, query }) {
    return answerEgg(actor, query.include, await getEggOfNest(params.nest, params.egg))
  },
})
