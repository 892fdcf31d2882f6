import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNest } from '#server/http/nests'
import { getNest } from '#server/services/nests/queries'
import { updateNest } from '#server/services/nests/save-nest'
import { nests } from '#shared/contracts/application/nests'

export default defineRoute(nests.update, {
  access: administrator('nests', 'write'),
  async handle({ actor, params, query, body }) {
    const nest = await updateNest({ actor, nest: await getNest(params.nest), asked: body })
    return answerNest(actor, query.include, nest)
  },
})
