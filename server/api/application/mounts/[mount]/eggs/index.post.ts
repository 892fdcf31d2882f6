import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMount } from '#server/serializers/application/mount'
import { getMount } from '#server/services/mounts/queries'
import { updateMount } from '#server/services/mounts/save-mount'
import { mountLinks } from '#shared/contracts/application/mounts'

export default defineRoute(mountLinks.addEggs, {
  access: administrator('mounts', 'write'),
  async handle({ actor, params, body, url }) {
    const view = await getMount(actor, params.mount)
    const added = await updateMount({
      actor,
      view,
      asked: ({ eggs }) => ({ eggs: [...eggs.map(({ id }) => Number(id)), ...body.eggs] }),
      panel: url.origin,
    })
    return serializeMount(added)
  },
})
