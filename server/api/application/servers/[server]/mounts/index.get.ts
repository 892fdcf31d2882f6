import { onManagedServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeServerMount } from '#server/serializers/application/mount'
import { listOf } from '#server/serializers/envelope'
import { listMountsOf } from '#server/services/mounts/queries'
import { serverMounts } from '#shared/contracts/application/mounts'

export default defineRoute(serverMounts.list, {
  access: onManagedServer('mounts', 'read'),
  handle: async ({ server }) => listOf((await listMountsOf(server)).map(serializeServerMount)),
})
