import { trustedBrowsers } from '#shared/contracts/client/trusted-browsers'
import { inBrowser } from '#server/http/access'
import { isActing } from '#server/http/acting'
import { defineRoute } from '#server/http/define-route'
import { serializeTrustedBrowser } from '#server/serializers/client/account'
import { listOf } from '#server/serializers/envelope'
import { listTrustedBrowsers } from '#server/services/account/two-factor/trust-browser'

export default defineRoute(trustedBrowsers.list, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    const shown = { showsAddress: !isActing(actor) }
    return listOf((await listTrustedBrowsers(actor.userId)).map((row) => serializeTrustedBrowser(row, shown)))
  },
})
