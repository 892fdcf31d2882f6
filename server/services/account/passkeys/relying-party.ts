import ipaddr from 'ipaddr.js'
import { AppError } from '#server/errors'

export interface RelyingParty {
  /** The panel's host: a passkey belongs to it. */
  id: string
  /** What a browser says that it was at. */
  origin: string
}

/**
 * Whom passkeys are made for. Browsers offer them to named hosts over https, and to the machine itself.
 *
 * @throws {AppError} `passkey.unavailable`
 */
export function relyingPartyOf(panelAddress: string): RelyingParty {
  const { protocol, hostname, origin } = new URL(panelAddress)
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost')
  const isNamed = !ipaddr.isValid(hostname.replace(/^\[|\]$/g, ''))
  if (!isNamed || (protocol !== 'https:' && !isLocal)) throw new AppError('passkey.unavailable')
  return { id: hostname, origin }
}
