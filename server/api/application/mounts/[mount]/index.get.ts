import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { answerMount } from '#server/http/mounts'
import { getMount } from '#server/services/mounts/queries'
import { mounts } from '#shared/contracts/application/mounts'

export default defineRoute(mounts.get, {
  access: administrator('mounts', 'read'),
  handle: async ({ actor, params, query }) => answerMount(actor, query.include, await getMount(actor, params.mount)),
})
