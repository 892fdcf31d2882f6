import { LANGUAGES, type Language } from '#shared/utils/languages'

/** Which file of sentences a page needs beside `panel`: told by the first part of its path. */
export const AREAS = ['auth', 'account', 'servers', 'admin'] as const
export type Area = (typeof AREAS)[number]

export function areaOf(path: string): Area {
  const [first = ''] = path.split('/').filter(Boolean)
  return AREAS.find((area) => area === first) ?? 'servers'
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
