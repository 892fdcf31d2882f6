const PLACEHOLDER = /\{(\w+)\}/g

export interface MailText {
  subject: string
  body: string
}

/** The names in braces, each once. */
export const placeholdersIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)),
]

/**
 * What a mail of its kind may say: what the built-in text says, and the panel's name. A mail without its link or its code
 * would be of no use, so these must stand in the body.
 */
export function placeholdersOf({ subject, body }: MailText): { name: string; isRequired: boolean }[] {
  const inBody = placeholdersIn(body)
  return [...new Set([...placeholdersIn(subject), ...inBody, 'panel'])].map((name) => ({
    name,
    isRequired: ['link', 'code'].includes(name) && inBody.includes(name),
  }))
}

/** Once over the text: what a value says in braces stays as it is. A name without a value is left out. */
export const fillPlaceholders = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(PLACEHOLDER, (_, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : ''))
