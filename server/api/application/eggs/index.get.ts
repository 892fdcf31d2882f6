import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { relateEggs } from '#server/http/eggs'
import { serializeEggInFull } from '#server/serializers/application/egg'
import { listOf } from '#server/serializers/envelope'
import { listEggs } from '#server/services/eggs/queries'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.list, {
  access: administrator('eggs', 'read'),
  async handle({ actor, query }) {
    const views = await listEggs()
    const relations = await relateEggs(
      actor,
      query.include,
      views.map(({ egg }) => egg),
    )
    return listOf(views.map((view) => serializeEggInFull(view, relations.get(view.egg.id))))
  },
})
