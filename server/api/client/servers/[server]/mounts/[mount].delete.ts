import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { detachMount } from '#server/services/mounts/attach-mount'
import { ownMounts } from '#shared/contracts/client/mounts'

export default defineRoute(ownMounts.detach, {
  access: onServer('startup.update'),
  handle: ({ actor, server, node, params }) => detachMount({ actor, server, node, mount: { uuid: params.mount } }),
})
