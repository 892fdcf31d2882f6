/** The languages that claim to be complete: every sentence a person reads exists in each of them. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

export const isLanguage = (text: string): text is Language => (LANGUAGES as readonly string[]).includes(text)

/** What an import brings may name a language that is not here. */
export const languageOf = (text: string): Language => (isLanguage(text) ? text : 'en')
