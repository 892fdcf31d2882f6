import type { WingsNodeRow } from '#server/database/schema'

type Reached = Pick<WingsNodeRow, 'scheme' | 'fqdn' | 'daemonListen' | 'connectPort'>

/** Where a node is reached unless somebody says otherwise: an IPv6 address in brackets. */
export function usualAddress({ scheme, fqdn, daemonListen, connectPort }: Reached): string {
  const host = fqdn.includes(':') && !fqdn.startsWith('[') ? `[${fqdn}]` : fqdn
  return `${scheme}://${host}:${connectPort ?? daemonListen}`
}
