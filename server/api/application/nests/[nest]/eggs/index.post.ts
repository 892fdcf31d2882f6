import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { resourceAt } from '#server/serializers/envelope'
import { createEgg } from '#server/services/eggs/create-egg'
import { getNest } from '#server/services/nests/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.create, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, query, body, url }) {
    const row = await createEgg({ actor, nest: await getNest(params.nest), asked: body })
    return { ...(await answerEggInFull(actor, query.include, row)), meta: resourceAt(url, row.id) }
  },
})
