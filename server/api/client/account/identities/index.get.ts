import { identities } from '#shared/contracts/client/identities'
import { inBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeIdentity, serializeOffered } from '#server/serializers/client/identity'
import { listOf } from '#server/serializers/envelope'
import { listIdentities } from '#server/services/identity-providers/list-identities'

export default defineRoute(identities.list, {
  access: inBrowser({ exempt: ['two-factor'] }),
  async handle({ actor }) {
    const { connected, available } = await listIdentities(actor.userId)
    return { ...listOf(connected.map(serializeIdentity)), meta: { available: available.map(serializeOffered) } }
  },
})
