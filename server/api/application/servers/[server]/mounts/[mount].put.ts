import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { attachMount } from '#server/services/mounts/attach-mount'
import { serverMounts } from '#shared/contracts/application/mounts'

export default defineRoute(serverMounts.attach, {
  access: onManagedServer('mounts', 'write'),
  handle: ({ actor, server, node, params }) => attachMount({ actor, server, node, mount: { id: params.mount } }),
})
