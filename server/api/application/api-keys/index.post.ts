import { administratorInBrowser } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { serializeApplicationKey } from '#server/serializers/application/api-key'
import { createApplicationKey } from '#server/services/api-keys/create-application-key'
import { getApplicationKey } from '#server/services/api-keys/queries'
import { applicationKeys } from '#shared/contracts/application/api-keys'

export default defineRoute(applicationKeys.create, {
  access: administratorInBrowser('api_keys', 'write'),
  async handle({ actor, body }) {
    const { key, secret } = await createApplicationKey({
      actor,
      ownerId: actor.userId,
      description: body.description,
      carries: body.permissions,
      allowedIps: body.allowed_ips ?? [],
      expiresAt: body.expires_at ?? null,
      requestsPerMinute: body.requests_per_minute ?? null,
    })
    const made = serializeApplicationKey(await getApplicationKey(key.identifier))
    return { ...made, meta: { secret_token: secret } }
  },
})
