import { passkeys } from '#shared/contracts/client/passkeys'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializePasskey } from '#server/serializers/client/account'
import { listOf } from '#server/serializers/envelope'
import { listPasskeys } from '#server/services/account/passkeys/list-passkeys'

export default defineRoute(passkeys.list, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    return listOf((await listPasskeys(actor.userId)).map(serializePasskey))
  },
})
