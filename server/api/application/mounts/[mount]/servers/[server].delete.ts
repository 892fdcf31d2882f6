import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { detachMount } from '#server/services/mounts/attach-mount'
import { getMount } from '#server/services/mounts/queries'
import { mountLinks } from '#shared/contracts/application/mounts'

export default defineRoute(mountLinks.removeServer, {
  access: onManagedServer('mounts', 'write'),
  async handle({ actor, server, node, params }) {
    const { mount } = await getMount(actor, params.mount)
    await detachMount({ actor, server, node, mount: { id: mount.id } })
  },
})
