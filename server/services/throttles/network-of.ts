import ipaddr from 'ipaddr.js'

/** Whoever has one IPv6 address has the 2^64 beside it, so those count as one; an IPv4 address in IPv6 clothes is IPv4. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const ip = ipaddr.process(address)
  if (ip.kind() === 'ipv4') return ip.toString()

  const network = (ip as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16))
  return `${network.join(':')}::/64`
}
