import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { getMount } from '#server/services/mounts/queries'
import { updateMount } from '#server/services/mounts/save-mount'
import { mountLinks } from '#shared/contracts/application/mounts'

export default defineRoute(mountLinks.removeEgg, {
  access: administrator('mounts', 'write'),
  async handle({ actor, params, url }) {
    const view = await getMount(actor, params.mount)
    await updateMount({
      actor,
      view,
      asked: ({ eggs }) => ({ eggs: eggs.map(({ id }) => Number(id)).filter((id) => id !== Number(params.egg)) }),
      panel: url.origin,
    })
  },
})
