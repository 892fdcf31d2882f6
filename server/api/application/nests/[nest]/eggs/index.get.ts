import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { relateEggs } from '#server/http/eggs'
import { serializeEgg } from '#server/serializers/application/egg'
import { listOf } from '#server/serializers/envelope'
import { listEggsOfNest } from '#server/services/eggs/queries'
import { getNest } from '#server/services/nests/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.listOfNest, {
  access: administrator('eggs', 'read'),
  async handle({ actor, params, query }) {
    const rows = await listEggsOfNest((await getNest(params.nest)).id)
    const relations = await relateEggs(actor, query.include, rows)
    return listOf(rows.map((row) => serializeEgg(row, relations.get(row.id))))
  },
})
