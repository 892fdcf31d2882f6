import { defineRoute } from '#server/http/define-route'
import { onSubuser } from '#server/http/subusers'
import { removeSubuser } from '#server/services/subusers/remove-subuser'
import { subusers } from '#shared/contracts/client/subusers'

export default defineRoute(subusers.remove, {
  access: onSubuser('user.delete'),
  handle: ({ actor, server, subuser }) => removeSubuser({ actor, server, subuser }),
})
