import { administratorInBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeApplicationKey } from '#server/serializers/application/api-key'
import { switchApplicationKey } from '#server/services/api-keys/change-application-key'
import { getApplicationKey } from '#server/services/api-keys/queries'
import { applicationKeys } from '#shared/contracts/application/api-keys'

export default defineRoute(applicationKeys.update, {
  access: administratorInBrowser('api_keys', 'write'),
  async handle({ actor, params: { identifier }, body }) {
    await switchApplicationKey({ actor, identifier, enabled: body.enabled })
    return serializeApplicationKey(await getApplicationKey(identifier))
  },
})
