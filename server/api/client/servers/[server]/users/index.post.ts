import { defineRoute } from '#server/http/define-route'
import { onSharing } from '#server/http/subusers'
import { serializeSubuser } from '#server/serializers/client/subuser'
import { inviteSubuser } from '#server/services/subusers/invite-subuser'
import { subusers } from '#shared/contracts/client/subusers'

export default defineRoute(subusers.invite, {
  access: onSharing(),
  async handle({ actor, server, tie, body }) {
    return serializeSubuser(await inviteSubuser({ actor, server, tie, ...body }))
  },
})
