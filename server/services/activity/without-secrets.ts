export const MASK = '••••••'

/** Names of what nobody may read in a log, in either spelling: `tokenSecret`, `smtp_password`, `RCON_PASSWORD`. */
const IS_SECRET = /pass(word|phrase)|secret|token|private_?key|access_?key|credential|signature|(^|_)otp($|_)/i
/** Named like secrets, and known to everybody who may see the thing. */
const IS_TOLD = /identifier$|_at$|At$|^is_|^has_/

/** Whether what stands under this name is masked in the log. */
export const namesSecret = (name: string): boolean => IS_SECRET.test(name) && !IS_TOLD.test(name)

/**
 * A copy for the log in which everything that is named like a secret is masked, however deep it lies.
 */
export function withoutSecrets(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, namesSecret(name) ? masked(value) : inside(value)]),
  )
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside)
  if (typeof value === 'object' && value !== null) return withoutSecrets(value as Record<string, unknown>)
  return value
}

/** That one was set, or is none, is still told. */
export const masked = (value: unknown): unknown =>
  value === null || value === undefined || value === '' || (typeof value !== 'string' && typeof value !== 'object')
    ? value
    : MASK
