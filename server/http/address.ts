import { getHeader, type H3Event } from 'h3'
import ipaddr from 'ipaddr.js'
import { useEnv } from '#server/env'

type Address = ipaddr.IPv4 | ipaddr.IPv6

function parsed(text: string): Address | undefined {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$/, '$1')
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined
}

/** Whether an address lies in one of these: addresses, CIDR, `10.0.0.1-10.0.0.9`, `10.0.*.*`. Nonsense matches nothing. */
export function isListed(address: string, list: readonly string[]): boolean {
  const ip = parsed(address)
  return ip !== undefined && list.some((entry) => matches(ip, entry.trim()))
}

function matches(ip: Address, entry: string): boolean {
  if (entry.includes('*')) {
    return matches(ip, `${entry.replaceAll('*', '0')}-${entry.replaceAll('*', '255')}`)
  }
  if (entry.includes('/')) {
    if (!ipaddr.isValidCIDR(entry)) return false
    const [range, bits] = ipaddr.parseCIDR(entry)
    return range.kind() === ip.kind() && (ip as ipaddr.IPv6).match(range as ipaddr.IPv6, bits)
  }

  const [from, to = from] = entry.split('-').map((part) => parsed(part))
  if (!from || !to || from.kind() !== ip.kind() || to.kind() !== ip.kind()) return false
  return compare(from, ip) <= 0 && compare(ip, to) <= 0
}

const compare = (a: Address, b: Address) => Buffer.compare(Buffer.from(a.toByteArray()), Buffer.from(b.toByteArray()))

/**
 * The address of whoever asks. What `X-Forwarded-For` says counts only as far as it was written by a proxy that the
 * operator named in `TRUSTED_PROXIES`: the last address in the chain that is none of them.
 */
export function clientAddress(event: H3Event): string {
  const peer = parsed(event.node.req.socket?.remoteAddress ?? '')?.toString() ?? '0.0.0.0'
  const trusted = useEnv().TRUSTED_PROXIES
  if (!isListed(peer, trusted)) return peer

  const chain = (getHeader(event, 'x-forwarded-for') ?? '').split(',').flatMap((part) => parsed(part)?.toString() ?? [])
  return chain.findLast((address) => !isListed(address, trusted)) ?? chain[0] ?? peer
}
