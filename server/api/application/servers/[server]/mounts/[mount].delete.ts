import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { detachMount } from '#server/services/mounts/attach-mount'
import { serverMounts } from '#shared/contracts/application/mounts'

export default defineRoute(serverMounts.detach, {
  access: onManagedServer('mounts', 'write'),
  handle: ({ actor, server, node, params }) => detachMount({ actor, server, node, mount: { id: params.mount } }),
})
