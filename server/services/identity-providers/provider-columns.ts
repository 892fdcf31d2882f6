import { isIP } from 'node:net'
import { z } from 'zod'
import { now } from '#server/database/columns'
import { identityProviderOptions } from '#server/database/json'
import { AppError, type FieldFailure } from '#server/errors'
import { isPrivate } from '#server/services/files/assert-public'
import type { ProviderKind, UpdateIdentityProviderBody } from '#shared/contracts/application/identity-providers'
import type { ProviderOptions } from './provider'

interface Asked {
  kind: ProviderKind
  asked: UpdateIdentityProviderBody
  /** What is stored; absent for a new one. */
  before?: ProviderOptions
}

const fieldFailure = (field: string, rule: string, detail: string): FieldFailure => ({ field, rule, detail })

/**
 * The options as they will be stored. What is left out stays. An address in a private network, or without TLS, is refused
 * unless the provider is said to stand there.
 *
 * @throws {AppError} `request.invalid`
 */
export function optionsOf({ kind, asked, before }: Asked): ProviderOptions {
  const kept = <Value>(given: Value | undefined, stored: Value | undefined, otherwise: Value): Value =>
    given === undefined ? (stored ?? otherwise) : given
  const bare = (address: string | null) => address?.replace(/\/+$/, '') ?? null

  const options: ProviderOptions = {
    // An issuer is a name: whether it ends with a slash is part of it.
    issuer: kind === 'oidc' ? kept(asked.issuer ?? undefined, before?.issuer, null) : null,
    host: kind === 'gitlab' || kind === 'github' ? bare(kept(asked.host, before?.host, null)) : null,
    scopes: kept(asked.scopes, before?.scopes, null),
    rolesClaim: kept(asked.roles_claim, before?.rolesClaim, null),
    roles: asked.roles
      ? Object.fromEntries(Object.entries(asked.roles).map(([value, role]) => [value, String(role)]))
      : (before?.roles ?? {}),
    assuresSecondFactor: kept(asked.assures_second_factor, before?.assuresSecondFactor, false),
    onOwnNetwork: kept(asked.on_own_network, before?.onOwnNetwork, false),
    icon: kept(asked.icon, before?.icon, null),
    color: kept(asked.color, before?.color, null),
    secretSetAt: asked.client_secret ? now() : (before?.secretSetAt ?? null),
  }

  const fields = [
    ...(kind === 'oidc' && !options.issuer
      ? [fieldFailure('issuer', 'required', 'The issuer field is required.')]
      : []),
    ...(!before && !asked.client_secret
      ? [fieldFailure('client_secret', 'required', 'The client secret field is required.')]
      : []),
    ...addressFailures(options),
  ]
  if (fields.length > 0) throw new AppError('request.invalid', { fields })
  return options
}

function addressFailures({ issuer, host, onOwnNetwork }: ProviderOptions): FieldFailure[] {
  if (onOwnNetwork) return []
  return Object.entries({ issuer, host }).flatMap(([field, address]) => {
    if (!address) return []
    const { protocol, hostname } = new URL(address)
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:') return [fieldFailure(field, 'https', `The ${field} must begin with https://.`)]
    if ((isIP(literal) && isPrivate(literal)) || /(^|\.)localhost\.?$/.test(literal))
      return [fieldFailure(field, 'public_address', `The ${field} is an address of a private network.`)]
    return []
  })
}

export const encodeOptions = (options: ProviderOptions): string => z.encode(identityProviderOptions, options)
