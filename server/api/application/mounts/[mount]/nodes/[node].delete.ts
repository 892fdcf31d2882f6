import { AppError } from '#server/errors'
import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { reachesNode } from '#server/policies/administration-policy'
import { getMount } from '#server/services/mounts/queries'
import { updateMount } from '#server/services/mounts/save-mount'
import { mountLinks } from '#shared/contracts/application/mounts'

export default defineRoute(mountLinks.removeNode, {
  access: administrator('mounts', 'write'),
  async handle({ actor, params, url }) {
    if (!reachesNode(actor, params.node)) throw new AppError('resource.not_found')
    const view = await getMount(actor, params.mount)
    await updateMount({
      actor,
      view,
      asked: ({ nodes }) => ({ nodes: nodes.map(({ id }) => Number(id)).filter((id) => id !== Number(params.node)) }),
      panel: url.origin,
    })
  },
})
