import { isIP, isIPv4 } from 'node:net'
import { getHeader, type H3Event } from 'h3'
import ipaddr from 'ipaddr.js'
import { useEnv } from '#server/env'
import { covers, spanOf } from '#shared/utils/addresses'

/** As it is written everywhere; undefined of what is no address. */
function canonical(text: string): string | undefined {
  // Nearly all requests have one that needs no reading.
  if (isIPv4(text)) return text
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$/, '$1')
  // Asked first: the library finds out by throwing, which costs more than the rest of a request's gates.
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare).toString()
}

/** Whether an address lies in one of these: addresses, CIDR, `10.0.0.1-10.0.0.9`, `10.0.*.*`. Nonsense matches nothing. */
export function isListed(address: string, list: readonly string[]): boolean {
  if (list.length === 0) return false
  const own = spanOf(address)
  if (!own) return false
  return list.some((entry) => {
    const listed = spanOf(entry)
    return listed !== undefined && covers(listed, own)
  })
}

/**
 * The address of whoever asks. What `X-Forwarded-For` says counts only as far as it was written by a proxy that the
 * operator named in `TRUSTED_PROXIES`: the last address in the chain that is none of them.
 */
export function clientAddress(event: H3Event): string {
  const peer = canonical(event.node.req.socket?.remoteAddress ?? '') ?? '0.0.0.0'
  const trusted = useEnv().TRUSTED_PROXIES
  if (!isListed(peer, trusted)) return peer

  const chain = (getHeader(event, 'x-forwarded-for') ?? '').split(',').flatMap((part) => canonical(part) ?? [])
  return chain.findLast((address) => !isListed(address, trusted)) ?? chain[0] ?? peer
}
