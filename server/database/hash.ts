import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { useEnv } from '../env.ts'

/** For long random values (keys, links, trusted browsers): nothing can be guessed from it, so no key is needed. */
export const hashOf = (value: string): string => createHash('sha256').update(value).digest('base64url')

/** For values that could be tried one after the other (recovery codes, names with addresses): useless without APP_SECRET. */
export function keyedHashOf(purpose: string, value: string): string {
  return createHmac('sha256', keyFor(useEnv().APP_SECRET, purpose)).update(value).digest('base64url')
}

const keys = new Map<string, Buffer>()

/** Derived once: purposes are few, and signing in asks for one three times. */
function keyFor(secret: string, purpose: string): Buffer {
  const known = keys.get(`${secret} ${purpose}`)
  if (known) return known
  const key = Buffer.from(hkdfSync('sha256', secret, '', `xyrapanel: ${purpose}`, 32))
  keys.set(`${secret} ${purpose}`, key)
  return key
}
