import { identities } from '#shared/contracts/client/identities'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { keepVisitSecret, visitorOf } from '#server/http/visitor'
import { itemOf } from '#server/serializers/envelope'
import { beginVisit, VISIT_MINUTES } from '#server/services/identity-providers/begin-visit'

export default defineRoute(identities.connect, {
  access: inBrowser(),
  async handle({ event, actor, body }) {
    const { url, secret } = await beginVisit({
      providerId: body.provider,
      visitor: visitorOf(event),
      link: { actor, password: body.password ?? '' },
    })
    keepVisitSecret(event, secret, VISIT_MINUTES * 60)
    return itemOf('identity_visit', { url })
  },
})
