/**
 * A place of ours to go to after signing in, or the start. `//elsewhere`, `/\elsewhere`, a scheme, a line break: whatever a
 * browser could read as another host is not followed.
 */
export function onSitePath(given: unknown): string {
  if (typeof given !== 'string' || !/^\/(?![/\\])/.test(given) || /[\\\p{Cc}]/u.test(given)) return '/'
  const base = 'http://panel.invalid'
  if (!URL.canParse(given, base)) return '/'
  const { origin, pathname, search, hash } = new URL(given, base)
  if (origin !== base || pathname.startsWith('//') || pathname.startsWith('/api/')) return '/'
  return `${pathname}${search}${hash}`
}
