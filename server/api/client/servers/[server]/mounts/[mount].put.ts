import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { attachMount } from '#server/services/mounts/attach-mount'
import { ownMounts } from '#shared/contracts/client/mounts'

export default defineRoute(ownMounts.attach, {
  access: onServer('startup.update'),
  handle: ({ actor, server, node, params }) => attachMount({ actor, server, node, mount: { uuid: params.mount } }),
})
