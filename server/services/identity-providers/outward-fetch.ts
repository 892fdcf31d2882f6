import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { CustomFetch } from 'openid-client'
import { Agent, fetch } from 'undici'
import { isPrivate } from '#server/services/files/assert-public'

/** What a provider was found at, or sends us to, and may not be. */
export class PrivateAddress extends Error {
  readonly code = 'PRIVATE_ADDRESS'
  constructor(host: string) {
    super(`${host} is an address of a private network.`)
  }
}

/** Of documents that list a few keys and claims; a provider that sends more is none. */
const ANSWER_MAX_BYTES = 1024 * 1024
const CONNECT_TIMEOUT_MS = 5_000

/** Asked for each connection, so that a name which changes in between leads nowhere else. */
const publicOnly: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    if (addresses.length === 0 || addresses.some(({ address }) => isPrivate(address)))
      return done(new PrivateAddress(host), [])
    if (options.all) return done(null, addresses)
    const [{ address, family }] = addresses as [(typeof addresses)[number]]
    done(null, address, family)
  })
}

const agents: { anywhere?: Agent; outside?: Agent } = {}
const limits = { maxResponseSize: ANSWER_MAX_BYTES }
const anywhere = () => (agents.anywhere ??= new Agent({ ...limits, connect: { timeout: CONNECT_TIMEOUT_MS } }))
const outside = () =>
  (agents.outside ??= new Agent({ ...limits, connect: { timeout: CONNECT_TIMEOUT_MS, lookup: publicOnly } }))

/**
 * Reaches providers: over HTTPS and not in private networks, whatever their own documents name, unless this one was said
 * to stand there. Redirects are followed nowhere.
 */
export const outwardFetch =
  ({ onOwnNetwork }: { onOwnNetwork: boolean }): CustomFetch =>
  async (address, options) => {
    const url = new URL(address)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // A literal address is never looked up.
    if (!onOwnNetwork && (url.protocol !== 'https:' || (isIP(host) && isPrivate(host)))) throw new PrivateAddress(host)

    const dispatcher = onOwnNetwork ? anywhere() : outside()
    const reply = await fetch(url, { ...options, dispatcher } as Parameters<typeof fetch>[1])
    return reply as unknown as Response // the same class, of another copy of undici
  }
