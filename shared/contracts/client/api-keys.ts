import { z } from 'zod'
import { SERVER_PERMISSIONS } from '#shared/permissions'
import { endpoint } from '../endpoint'
import { item, list, type Plain } from '../envelope'
import { stamp } from '../fields'
import { allowedIpsField, expiresAtField, keyDescriptionField, requestsPerMinuteField, withSecret } from '../key-fields'
import { includeShape } from '../query'

const SERVERS_MAX = 100

/** Ours, asked for with `include=limits`: what else a key is held to. */
export const apiKeyLimits = item(
  'api_key_limits',
  z.object({
    expires_at: stamp().nullable(),
    requests_per_minute: z.int().nullable(),
    is_enabled: z.boolean(),
    /** Identifiers of the servers it is for; null: all. */
    servers: z.array(z.string()).nullable(),
    /** Null: all that its owner has. */
    permissions: z.array(z.string()).nullable(),
  }),
)

export const apiKey = item(
  'api_key',
  z.object({
    identifier: z.string(),
    description: z.string(),
    allowed_ips: z.array(z.string()),
    last_used_at: stamp().nullable(),
    created_at: stamp(),
    relationships: z.object({ limits: apiKeyLimits }).optional(),
  }),
)
export type ApiKey = Plain<z.output<typeof apiKey>>

export const createApiKeyBody = z.object({
  description: keyDescriptionField(),
  allowed_ips: allowedIpsField().nullish(),
  // Ours
  expires_at: expiresAtField().nullish(),
  requests_per_minute: requestsPerMinuteField().nullish(),
  servers: z.array(z.string()).min(1).max(SERVERS_MAX).nullish(),
  permissions: z.array(z.enum(SERVER_PERMISSIONS)).min(1).nullish(),
})
export type CreateApiKeyBody = z.input<typeof createApiKeyBody>

const query = z.object({ include: includeShape() })

export const apiKeys = {
  list: endpoint('GET /api/client/account/api-keys', { query, reply: list(apiKey) }),
  create: endpoint('POST /api/client/account/api-keys', {
    query,
    body: createApiKeyBody,
    reply: apiKey.extend(withSecret),
  }),
  remove: endpoint('DELETE /api/client/account/api-keys/:identifier', {}),
}
