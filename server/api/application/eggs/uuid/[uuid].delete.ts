import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteEgg } from '#server/services/eggs/delete-egg'
import { getEggByUuid } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.removeByUuid, {
  access: administrator('eggs', 'write'),
  async handle({ actor, params }) {
    await deleteEgg({ actor, egg: await getEggByUuid(params.uuid) })
  },
})
