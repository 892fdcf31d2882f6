import { twoFactors } from '#shared/contracts/client/two-factor'
import { signedIn } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { beginFactor } from '#server/services/account/two-factor/begin-factor'

export default defineRoute(twoFactors.begin, {
  access: signedIn({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    const { secret, uri } = await beginFactor({ actor })
    return { data: { image_url_data: uri, secret } }
  },
})
