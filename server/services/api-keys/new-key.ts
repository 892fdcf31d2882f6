import { z } from 'zod'
import { hashOf } from '#server/database/hash'
import { apikeyAllowedIps } from '#server/database/json'
import { alphanumeric } from '#server/services/nodes/node-secrets'

const PREFIX = { account: 'ptlc_', application: 'ptla_' } as const
const IDENTIFIER_LENGTH = 16
const SECRET_LENGTH = 32
const MINUTE_S = 60

/** What both kinds of keys are held to beside what they open. */
export interface KeyLimits {
  /** Addresses, CIDR, ranges; empty: everywhere. */
  allowedIps: readonly string[]
  expiresAt: string | null
  /** Beside its owner's own limit. */
  requestsPerMinute: number | null
}

/** A key that nobody has seen yet, and its row. Whole it exists here only: what is kept proves it, and cannot be turned back. */
export function newKey(kind: 'account' | 'application', { allowedIps, expiresAt, requestsPerMinute }: KeyLimits) {
  const prefix = PREFIX[kind]
  const identifier = prefix + alphanumeric(IDENTIFIER_LENGTH - prefix.length)
  const secret = alphanumeric(SECRET_LENGTH)

  return {
    secret,
    values: {
      kind,
      identifier,
      prefix,
      start: identifier.slice(0, prefix.length + 3),
      key: hashOf(identifier + secret),
      allowedIps: z.encode(apikeyAllowedIps, [...allowedIps]),
      expiresAt,
      rateLimitMax: requestsPerMinute,
      rateLimitTimeWindow: requestsPerMinute === null ? null : MINUTE_S,
    },
  }
}
