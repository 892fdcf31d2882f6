import { signIn } from '#shared/contracts/client/sign-in'
import { anyone } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { keepVisitSecret, visitorOf } from '#server/http/visitor'
import { beginVisit, VISIT_MINUTES } from '#server/services/identity-providers/begin-visit'

export default defineRoute(signIn.beginVisit, {
  access: anyone('who signs in is not signed in'),
  async handle({ event, params, body }) {
    const { provider: providerId } = params
    const { url, secret } = await beginVisit({ providerId, visitor: visitorOf(event), redirect: body.redirect })
    keepVisitSecret(event, secret, VISIT_MINUTES * 60)
    return { url }
  },
})
