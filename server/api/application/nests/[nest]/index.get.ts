import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNest } from '#server/http/nests'
import { getNest } from '#server/services/nests/queries'
import { nests } from '#shared/contracts/application/nests'

export default defineRoute(nests.get, {
  access: administrator('nests', 'read'),
  async handle({ actor, params, query }) {
    return answerNest(actor, query.include, await getNest(params.nest))
  },
})
