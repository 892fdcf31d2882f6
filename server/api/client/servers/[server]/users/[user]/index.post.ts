import { defineRoute } from '#server/http/define-route'
import { onSubuser } from '#server/http/subusers'
import { serializeSubuser } from '#server/serializers/client/subuser'
import { updateSubuser } from '#server/services/subusers/update-subuser'
import { subusers } from '#shared/contracts/client/subusers'

export default defineRoute(subusers.update, {
  access: onSubuser('user.update', { isGranting: true }),
  async handle({ actor, server, subuser, body }) {
    return serializeSubuser(await updateSubuser({ actor, server, subuser, permissions: body.permissions }))
  },
})
