import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeOwnMount } from '#server/serializers/client/mount'
import { listOf } from '#server/serializers/envelope'
import { listMountsOf } from '#server/services/mounts/queries'
import { ownMounts } from '#shared/contracts/client/mounts'

export default defineRoute(ownMounts.list, {
  access: onServer('startup.read'),
  async handle({ server }) {
    const all = await listMountsOf(server)
    // What an administrator keeps for himself is shown once it is there.
    return listOf(all.filter(({ mount, isAttached }) => mount.userMountable || isAttached).map(serializeOwnMount))
  },
})
