import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { listLinked } from '#server/http/mounts'
import { getMount } from '#server/services/mounts/queries'
import { mountLinks } from '#shared/contracts/application/mounts'

export default defineRoute(mountLinks.eggs, {
  access: administrator('mounts', 'read'),
  handle: async ({ actor, params }) => listLinked(actor, await getMount(actor, params.mount), 'eggs'),
})
