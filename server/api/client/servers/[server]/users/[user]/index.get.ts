import { defineRoute } from '#server/http/define-route'
import { onSubuser } from '#server/http/subusers'
import { serializeSubuser } from '#server/serializers/client/subuser'
import { subusers } from '#shared/contracts/client/subusers'

export default defineRoute(subusers.get, {
  access: onSubuser('user.read'),
  handle: async ({ subuser }) => serializeSubuser(subuser),
})
