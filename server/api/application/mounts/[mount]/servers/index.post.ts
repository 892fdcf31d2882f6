import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeMount } from '#server/serializers/application/mount'
import { attachToServers } from '#server/services/mounts/attach-to-servers'
import { getMount } from '#server/services/mounts/queries'
import { mountLinks } from '#shared/contracts/application/mounts'

export default defineRoute(mountLinks.addServers, {
  access: administrator('mounts', 'write'),
  async handle({ actor, params, body }) {
    const { mount } = await getMount(actor, params.mount)
    await attachToServers({ actor, mountId: mount.id, serverIds: [...new Set(body.servers)].map(String) })
    return serializeMount(await getMount(actor, mount.id))
  },
})
