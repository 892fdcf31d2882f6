import { administrator } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeEggUpdate } from '#server/serializers/application/egg-import'
import { listOf } from '#server/serializers/envelope'
import { checkUpdates } from '#server/services/eggs/check-updates'
import { eggs } from '#shared/contracts/application/eggs'

export default defineRoute(eggs.checkUpdates, {
  access: administrator('eggs', 'write'),
  async handle() {
    return listOf((await checkUpdates()).map(serializeEggUpdate))
  },
})
