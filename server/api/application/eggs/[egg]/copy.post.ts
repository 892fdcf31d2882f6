import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { copyEgg } from '#server/services/eggs/copy-egg'
import { getEgg } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.copy, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, body: { name }, url }) {
    const row = await copyEgg({ actor, egg: await getEgg(params.egg), name })
    return {
      ...(await answerEggInFull(actor, [], row)),
      meta: { resource: `${url.origin}/api/application/eggs/${row.id}` },
    }
  },
})
