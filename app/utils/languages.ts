import { LANGUAGES, type Language } from '#shared/utils/languages'

/** Which files of sentences a page needs beside `panel`: told by the first part of its path, and by the last. */
const FIRST = ['auth', 'account', 'servers', 'admin', 'docs'] as const
const LAST = {
  activity: 'activity',
  audit: 'activity',
  admin: 'activity',
  notifications: 'notifications',
  'api-keys': 'api-keys',
} as const
/** A part of the administration that has much to say. */
const INNER = ['settings'] as const
/** What has its own words wherever it stands, and whatever stands below it. */
const WITHIN = ['schedules', 'databases', 'database-hosts'] as const
/** What pages of a server need beside its own words. */
const OF_SERVER: Record<string, Area[]> = {
  users: ['server'],
  network: ['server'],
  startup: ['server'],
  settings: ['server', 'notifications'],
}
export type Area =
  | (typeof FIRST)[number]
  | (typeof INNER)[number]
  | (typeof WITHIN)[number]
  | (typeof LAST)[keyof typeof LAST]
  | 'server'

export function areasOfPath(path: string): Area[] {
  const parts = path.split('/').filter(Boolean)
  const last = parts[1] === 'notifications' ? 'notifications' : (parts.at(-1) ?? '')
  const first = FIRST.find((area) => area === parts[0]) ?? 'servers'
  const inner = first === 'admin' ? INNER.filter((area) => area === parts[1]) : []
  const within = WITHIN.filter((area) => parts.includes(area))
  const own = first === 'servers' ? (OF_SERVER[parts[2] ?? ''] ?? []) : []
  return [first, ...own, ...inner, ...within, ...(last in LAST ? [LAST[last as keyof typeof LAST]] : [])]
}

export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' }

/** The first that the panel speaks: `de-AT` is `de`. */
export function preferredLanguage(wanted: readonly string[]): Language | undefined {
  return wanted
    .map((tag) => tag.toLowerCase().split('-')[0])
    .flatMap((base) => LANGUAGES.filter((language) => language === base))[0]
}

/**
 * Which case of `one | other` (or `one | few | many | other`, as the language has it) a number takes. With one case more
 * than the language has, the first is for nothing at all.
 */
export function pluralRuleOf(language: string): (choice: number, choices: number) => number {
  const rules = new Intl.PluralRules(language)
  const order = ['zero', 'one', 'two', 'few', 'many', 'other'] as const
  const categories = order.filter((category) => rules.resolvedOptions().pluralCategories.includes(category))
  return (choice, choices) => {
    const hasNothing = choices === categories.length + 1
    if (hasNothing && choice === 0) return 0
    return Math.min(categories.indexOf(rules.select(Math.abs(choice))) + (hasNothing ? 1 : 0), choices - 1)
  }
}
