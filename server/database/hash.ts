import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { useEnv } from '../env.ts'

/** For long random values (keys, links, trusted browsers): nothing can be guessed from it, so no key is needed. */
export const hashOf = (value: string): string => createHash('sha256').update(value).digest('base64url')

/** For values that could be tried one after the other (recovery codes, names with addresses): useless without APP_SECRET. */
export function keyedHashOf(purpose: string, value: string): string {
  const key = Buffer.from(hkdfSync('sha256', useEnv().APP_SECRET, '', `xyrapanel: ${purpose}`, 32))
  return createHmac('sha256', key).update(value).digest('base64url')
}
