import { z } from 'zod'
import type { apiKey } from '#shared/contracts/client/api-keys'
import type { Wire } from '#shared/contracts/envelope'
import { apikeyAllowedIps } from '#server/database/json'
import type { ApiKeyRow } from '#server/database/schema'
import { itemOf, stampOf } from '#server/serializers/envelope'

/** What both kinds of keys say; never the key itself: only its hash is kept. */
export const attributesOf = (row: ApiKeyRow) => ({
  identifier: row.identifier,
  description: row.memo ?? '',
  allowed_ips: z.decode(apikeyAllowedIps, row.allowedIps),
  last_used_at: row.lastUsedAt && stampOf(row.lastUsedAt),
  created_at: stampOf(row.createdAt),
})

/** What it is held to, where that was asked for. */
export interface Narrowing {
  /** Identifiers. */
  servers: string[] | null
  permissions: string[] | null
}

export const serializeApiKey = (row: ApiKeyRow, narrowing?: Narrowing): Wire<typeof apiKey> =>
  itemOf('api_key', {
    ...attributesOf(row),
    ...(narrowing && {
      relationships: {
        limits: itemOf('api_key_limits', {
          expires_at: row.expiresAt && stampOf(row.expiresAt),
          requests_per_minute: row.rateLimitEnabled ? row.rateLimitMax : null,
          is_enabled: row.enabled,
          ...narrowing,
        }),
      },
    }),
  })
