/** What a provider's button shows, by the name in its row; drawn here, so that nothing is fetched. */
export const PROVIDER_ICONS_BY_NAME: Record<string, string> = {
  'log-in': 'i-lucide-log-in',
  building: 'i-lucide-building-2',
  shield: 'i-lucide-shield-check',
  key: 'i-lucide-key-round',
  users: 'i-lucide-users',
  globe: 'i-lucide-globe',
  school: 'i-lucide-graduation-cap',
  gamepad: 'i-lucide-gamepad-2',
  github: 'i-lucide-github',
  gitlab: 'i-lucide-gitlab',
}

export const providerIcon = (name: string | null): string => PROVIDER_ICONS_BY_NAME[name ?? ''] ?? 'i-lucide-log-in'
