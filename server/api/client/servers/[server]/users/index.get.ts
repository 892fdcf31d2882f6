import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeSubuser } from '#server/serializers/client/subuser'
import { listOf } from '#server/serializers/envelope'
import { listSubusers } from '#server/services/subusers/queries'
import { subusers } from '#shared/contracts/client/subusers'

export default defineRoute(subusers.list, {
  access: onServer('user.read'),
  async handle({ server }) {
    return listOf((await listSubusers([server.id])).map(serializeSubuser))
  },
})
