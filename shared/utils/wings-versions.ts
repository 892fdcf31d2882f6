/**
 * The oldest version of each daemon that has every published fix of a hole which a panel cannot close from outside. A new
 * advisory changes this table and nothing else.
 */
const NEWEST_FIX = {
  // 1.13.0 CVE-2026-52856 (a packet over SFTP ends the daemon), CVE-2026-52857 (a parsed file takes all memory); before it
  // 1.12.3 CVE-2026-52855, 1.12.2 GHSA-rhq6-9rgh-v45c (chmod outside the container), CVE-2026-54593, 1.12.0 CVE-2026-21696.
  pterodactyl: '1.13.0',
  // The first tag with the same three: chmod (pelican/wings #185), SFTP (#186), scopes of tokens (#182).
  pelican: '1.0.0-beta26',
} as const

type Flavour = keyof typeof NEWEST_FIX

/** The version that a daemon should have at least, where its own is older; null where all is well, or nobody can tell. */
export function fixMissingIn(flavour: Flavour | null, version: string | null): string | null {
  if (!flavour || !version) return null
  const [own, fixed] = [partsOf(version), partsOf(NEWEST_FIX[flavour])]
  return own && fixed && isOlder(own, fixed) ? NEWEST_FIX[flavour] : null
}

/** Major, minor, patch, and the number of the beta, which a release is above. Of `develop`, which daemons built by hand say, nothing can be read. */
function partsOf(version: string): number[] | null {
  const [, major, minor, patch, early, beta] = /^v?(\d+)\.(\d+)\.(\d+)(-\D*(\d+)?.*)?$/.exec(version) ?? []
  if (major === undefined) return null
  return [major, minor, patch, early === undefined ? Infinity : (beta ?? 0)].map(Number)
}

function isOlder(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((number, index) => number !== other[index])
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0)
}
