import { AppError } from '#server/errors'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { relateNodes } from '#server/http/nodes'
import { serializeDeployableNode } from '#server/serializers/application/node'
import { listOf, pageOf } from '#server/serializers/envelope'
import { listDeployable } from '#server/services/nodes/list-nodes'
import { nodes } from '#shared/contracts/application/nodes'
import { pageQuery } from '#shared/contracts/query'

export default defineRoute(nodes.deployable, {
  access: administrator('nodes', 'read'),
  async handle({ actor, query, url }) {
    const { memory, disk, cpu, tags, location_ids: locationIds } = query
    const { page, per_page: size } = pageQuery({ usual: 50 }).parse({ page: query.page, per_page: query.per_page })
    const paged = query.page === undefined ? undefined : { page, size }
    const found = await listDeployable({
      actor,
      memory,
      disk,
      cpu: cpu ?? undefined,
      tags: tags ?? [],
      locationIds: (locationIds ?? []).map(String),
      page: paged,
    })
    if (found.total === 0) throw new AppError('node.none_viable')

    const relations = await relateNodes(actor, query.include, found.rows)
    const serialize = (view: (typeof found.rows)[number]) => serializeDeployableNode(view, relations.get(view.node.id))
    return paged ? pageOf(found, serialize, url) : listOf(found.rows.map(serialize))
  },
})
