import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.get, {
  access: administrator('eggs', 'read'),
  async handle({ actor, params, query }) {
    return answerEggInFull(actor, query.include, { id: params.egg })
  },
})
