import { z } from 'zod'
import { identityProviderOptions } from '#server/database/json'
import type { IdentityProviderRow } from '#server/database/schema'
import { SCOPES_USUAL, type ProviderKind } from '#shared/contracts/application/identity-providers'

export type ProviderOptions = z.output<typeof identityProviderOptions>

/** A row with its options read. */
export interface Provider extends Omit<IdentityProviderRow, 'options' | 'kind'> {
  kind: ProviderKind
  options: ProviderOptions
}

export const providerOf = ({ options, kind, ...row }: IdentityProviderRow): Provider => ({
  ...row,
  kind: kind as ProviderKind,
  options: z.decode(identityProviderOptions, options),
})

/** Who speaks OpenID Connect, and where its documents are; undefined for who speaks OAuth and has an interface of its own. */
export function issuerOf({ kind, options }: Provider): string | undefined {
  switch (kind) {
    case 'oidc':
      return options.issuer ?? undefined
    case 'google':
      return 'https://accounts.google.com'
    case 'gitlab':
      return options.host ?? 'https://gitlab.com'
    case 'github':
    case 'discord':
      return undefined
  }
}

const SCOPES: Record<ProviderKind, string> = {
  oidc: SCOPES_USUAL,
  google: SCOPES_USUAL,
  gitlab: SCOPES_USUAL,
  github: 'read:user user:email',
  discord: 'identify email',
}

export const scopesOf = ({ kind, options }: Provider): string => options.scopes ?? SCOPES[kind]

/** What a provider is found by: people who are connected with it are somebody else at any other address. */
export const placeOf = (provider: Provider): string =>
  JSON.stringify([provider.kind, issuerOf(provider) ?? null, provider.options.host])
