import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteNest } from '#server/services/nests/delete-nest'
import { getNest } from '#server/services/nests/queries'
import { nests } from '#shared/contracts/application/nests'

export default defineRoute(nests.remove, {
  access: administrator('nests', 'write'),
  async handle({ actor, params }) {
    await deleteNest({ actor, nest: await getNest(params.nest) })
  },
})
