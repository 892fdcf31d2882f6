import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMount } from '#server/serializers/application/mount'
import { resourceAt } from '#server/serializers/envelope'
import { createMount } from '#server/services/mounts/save-mount'
import { mounts } from '#shared/contracts/application/mounts'

export default defineRoute(mounts.create, {
  access: administrator('mounts', 'write'),
  async handle({ actor, body, url }) {
    const view = await createMount({ actor, asked: body, panel: url.origin })
    return { ...serializeMount(view), meta: resourceAt(url, view.mount.id) }
  },
})
