import { trustedBrowsers } from '#shared/contracts/client/trusted-browsers'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { forgetBrowser } from '#server/services/account/two-factor/forget-browser'

export default defineRoute(trustedBrowsers.remove, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor, params }) {
    await forgetBrowser({ actor, id: params.trustedBrowser })
  },
})
