/**
 * Paths inside a server, as a form and a service know them: `/`, `/plugins/config.yml`. The daemons clamp or follow what
 * climbs out, each in its own way, so whatever could mean another place than it says is refused before a node hears of it.
 */

/** What Linux takes as a whole path, in bytes. */
const PATH_MAX_BYTES = 4096

/** A separator, a dot or a NUL that only appears once somebody decodes the path again, however often. */
const HIDDEN = /%(?:25)*(2e|2f|5c|00)/gi

const revealed = (path: string) =>
  path.replace(HIDDEN, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Backslashes are part of a name on Linux (archives made elsewhere bring such names), but never a way up. */
const climbs = (path: string) => path.split(/[/\\]/).some((segment) => segment.trim() === '..')

/** Cut in the middle of a character, text cannot be sent as UTF-8. */
const isWhole = (path: string) => path.isWellFormed()

/** The one spelling of a path inside a server, or null where there is none. The root is `/`. */
export function normalPath(given: string): string | null {
  if (!isWhole(given) || new TextEncoder().encode(given).length > PATH_MAX_BYTES) return null
  const seen = revealed(given)
  if (seen.includes('\0') || climbs(given) || climbs(seen)) return null

  const segments = given.split('/').filter((segment) => segment !== '' && segment !== '.')
  return `/${segments.join('/')}`
}

/** Whether a path means the folder that all others are in, in any spelling. */
export const isRootPath = (given: string): boolean => normalPath(given) === '/'

/** A path whose last part may hold `*`; null where it leads out, is the root, or means many folders. */
export function patternIn(given: string): { folder: string; pattern: string } | null {
  const path = normalPath(given)
  if (path === null || path === '/') return null
  const cut = path.lastIndexOf('/')
  const folder = path.slice(0, cut) || '/'
  // Meant as a pattern, and looked for as a name it would never be found.
  return folder.includes('*') ? null : { folder, pattern: path.slice(cut + 1) }
}
