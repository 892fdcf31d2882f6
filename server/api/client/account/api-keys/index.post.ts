import { signedIn } from '#server/http/access'
import { answerApiKey } from '#server/http/api-keys'
import { defineRoute } from '#server/http/define-route'
import { createAccountKey } from '#server/services/api-keys/create-account-key'
import { apiKeys } from '#shared/contracts/client/api-keys'

export default defineRoute(apiKeys.create, {
  access: signedIn(),
  async handle({ actor, query, body }) {
    const { key, secret } = await createAccountKey({
      actor,
      ownerId: actor.userId,
      description: body.description,
      allowedIps: body.allowed_ips ?? [],
      expiresAt: body.expires_at ?? null,
      requestsPerMinute: body.requests_per_minute ?? null,
      servers: body.servers,
      permissions: body.permissions,
    })
    return { ...(await answerApiKey(query.include, key)), meta: { secret_token: secret } }
  },
})
