import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMount } from '#server/serializers/application/mount'
import { getMount } from '#server/services/mounts/queries'
import { mounts } from '#shared/contracts/application/mounts'

export default defineRoute(mounts.get, {
  access: administrator('mounts', 'read'),
  handle: async ({ actor, params }) => serializeMount(await getMount(actor, params.mount)),
})
