import type { IdentityProvider } from '#shared/contracts/application/identity-providers'

/** What the form of a provider holds: texts as they are typed. */
export interface ProviderDraft {
  id: string
  kind: IdentityProvider['kind']
  name: string
  enabled: boolean
  clientId: string
  clientSecret: string
  issuer: string
  host: string
  scopes: string
  rolesClaim: string
  roles: { value: string; role: number | undefined }[]
  createsUsers: boolean
  linksUsers: boolean
  assuresSecondFactor: boolean
  onOwnNetwork: boolean
  icon: NonNullable<IdentityProvider['icon']>
  color: string
}

/** What a kind is called and looks like until somebody says otherwise. */
export const PROVIDER_USUAL: Record<IdentityProvider['kind'], { name: string; icon: ProviderDraft['icon'] }> = {
  oidc: { name: '', icon: 'log-in' },
  google: { name: 'Google', icon: 'globe' },
  github: { name: 'GitHub', icon: 'github' },
  gitlab: { name: 'GitLab', icon: 'gitlab' },
  discord: { name: 'Discord', icon: 'gamepad' },
}

export const providerDraftOf = (provider?: IdentityProvider): ProviderDraft => ({
  id: provider?.id ?? '',
  kind: provider?.kind ?? 'oidc',
  name: provider?.name ?? '',
  enabled: provider?.enabled ?? true,
  clientId: provider?.client_id ?? '',
  clientSecret: '',
  issuer: provider?.issuer ?? '',
  host: provider?.host ?? '',
  scopes: provider?.scopes ?? '',
  rolesClaim: provider?.roles_claim ?? '',
  roles: Object.entries(provider?.roles ?? {}).map(([value, role]) => ({ value, role })),
  createsUsers: provider?.creates_users ?? false,
  linksUsers: provider?.links_users ?? false,
  assuresSecondFactor: provider?.assures_second_factor ?? false,
  onOwnNetwork: provider?.on_own_network ?? false,
  icon: provider?.icon ?? PROVIDER_USUAL[provider?.kind ?? 'oidc'].icon,
  color: provider?.color ?? '',
})

/** The same in the words of the wire. A secret that was left empty stays as it is, or is missed. */
export function providerBodyOf(draft: ProviderDraft) {
  const filled = (text: string) => text.trim() || null
  const hasHost = draft.kind === 'gitlab' || draft.kind === 'github'
  const mapped = draft.roles.flatMap(({ value, role }) => (value.trim() && role ? [[value.trim(), role] as const] : []))
  return {
    id: draft.id.trim(),
    kind: draft.kind,
    name: draft.name.trim(),
    enabled: draft.enabled,
    client_id: draft.clientId.trim(),
    client_secret: filled(draft.clientSecret),
    ...(draft.kind === 'oidc' && { issuer: filled(draft.issuer) }),
    ...(hasHost && { host: filled(draft.host) }),
    scopes: filled(draft.scopes),
    roles_claim: mapped.length > 0 ? filled(draft.rolesClaim) : null,
    roles: Object.fromEntries(mapped),
    creates_users: draft.createsUsers,
    links_users: draft.linksUsers,
    assures_second_factor: draft.assuresSecondFactor,
    on_own_network: draft.onOwnNetwork,
    icon: draft.icon,
    color: filled(draft.color),
  }
}

export type ProviderForm = ReturnType<typeof providerBodyOf>

/** A part of an address from a name: `Company SSO` → `company-sso`. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
