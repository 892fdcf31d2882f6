import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { deleteMount } from '#server/services/mounts/delete-mount'
import { getMount } from '#server/services/mounts/queries'
import { mounts } from '#shared/contracts/application/mounts'

export default defineRoute(mounts.remove, {
  access: administrator('mounts', 'write'),
  async handle({ actor, params, url }) {
    await deleteMount({ actor, view: await getMount(actor, params.mount), panel: url.origin })
  },
})
