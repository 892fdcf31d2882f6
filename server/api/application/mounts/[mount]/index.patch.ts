import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMount } from '#server/serializers/application/mount'
import { getMount } from '#server/services/mounts/queries'
import { updateMount } from '#server/services/mounts/save-mount'
import { mounts } from '#shared/contracts/application/mounts'

export default defineRoute(mounts.update, {
  access: administrator('mounts', 'write'),
  async handle({ actor, params, body, url }) {
    const view = await getMount(actor, params.mount)
    return serializeMount(await updateMount({ actor, view, asked: body, panel: url.origin }))
  },
})
