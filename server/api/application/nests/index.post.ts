import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerNest } from '#server/http/nests'
import { resourceAt } from '#server/serializers/envelope'
import { createNest } from '#server/services/nests/save-nest'
import { nests } from '#shared/contracts/application/nests'

export default defineRoute(nests.create, {
  access: administrator('nests', 'write'),
  async handle({ actor, query, body, url }) {
    const row = await createNest({ actor, asked: body })
    return { ...(await answerNest(actor, query.include, row)), meta: resourceAt(url, row.id) }
  },
})
