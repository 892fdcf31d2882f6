import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Actor } from '#server/auth/actor'
import type { Executor } from '#server/database/client'
import { apikeyAllowedIps } from '#server/database/json'
import { apiKeys } from '#server/database/schema'
import { AppError } from '#server/errors'
import { isNarrowed } from '#server/policies/administration-policy'
import { covers, spanOf } from '#shared/utils/addresses'
import type { KeyLimits } from '#server/services/api-keys/new-key'

/**
 * What a key may give to another one that is made with it: where nothing was asked for, its own addresses, end and rate;
 * never more. Else whoever finds a key that is bound to one address and one day had all of its owner's for ever.
 *
 * @throws {AppError} `api_key.beyond_key`, `auth.forbidden`
 */
export async function withinOwnKey(tx: Executor, { door }: Actor, asked: KeyLimits): Promise<KeyLimits> {
  if (door.kind !== 'account-key') return asked
  if (isNarrowed({ door })) throw new AppError('auth.forbidden')

  const [own] = await tx.select().from(apiKeys).where(eq(apiKeys.identifier, door.identifier))
  if (!own) throw new AppError('auth.required')
  const perMinute = own.rateLimitEnabled ? own.rateLimitMax : null
  return {
    allowedIps: withinAddresses(z.decode(apikeyAllowedIps, own.allowedIps), asked.allowedIps),
    expiresAt: within('expires_at', own.expiresAt, asked.expiresAt),
    requestsPerMinute: within('requests_per_minute', perMinute, asked.requestsPerMinute),
  }
}

function withinAddresses(own: readonly string[], asked: readonly string[]): readonly string[] {
  if (own.length === 0) return asked
  if (asked.length === 0) return own
  const spans = own.flatMap((entry) => spanOf(entry) ?? [])
  const isWithin = (entry: string) => {
    const inner = spanOf(entry)
    return inner !== undefined && spans.some((outer) => covers(outer, inner))
  }
  if (!asked.every(isWithin)) throw new AppError('api_key.beyond_key', { values: { limit: 'allowed_ips' } })
  return asked
}

function within<Limit extends string | number>(name: string, own: Limit | null, asked: Limit | null): Limit | null {
  if (own === null || asked === null) return asked ?? own
  if (asked > own) throw new AppError('api_key.beyond_key', { values: { limit: name } })
  return asked
}
