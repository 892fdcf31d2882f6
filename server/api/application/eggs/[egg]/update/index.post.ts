import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerEggInFull } from '#server/http/eggs'
import { applyUpdate } from '#server/services/eggs/apply-update'
import { getEgg } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.applyUpdate, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params, body: { hash, egg_hash: eggHash } }) {
    return answerEggInFull(actor, [], await applyUpdate({ actor, egg: await getEgg(params.egg), hash, eggHash }))
  },
})
