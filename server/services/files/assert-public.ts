import { BlockList, isIP } from 'node:net'
import { AppError } from '#server/errors'
import { addressesOf } from '#server/services/outside/addresses-of'

const PRIVATE_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carriers' own networks
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; clouds answer there with their machines' keys
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const

const PRIVATE_6 = [
  ['::', 96], // unspecified, loopback, IPv4 in its oldest clothes
  ['64:ff9b::', 96], // IPv4 behind a translator
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32], // tunnels that carry an IPv4 address
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const

const blocked = new BlockList()
for (const [net, bits] of PRIVATE_4) blocked.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of PRIVATE_6) blocked.addSubnet(net, bits, 'ipv6')

/** Not of the internet at large. Of an IPv4 address in IPv6's form the list looks at the IPv4 part. */
export const isPrivate = (address: string): boolean => blocked.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const NAMES_WITHIN_MS = 4_000

/**
 * An address that a node may be sent to fetch from, in the one spelling in which it is sent. A name counts by all the
 * addresses that it has now. The node looks it up once more and follows what it is told there, where the panel has no say:
 * both flavours refuse private addresses when they connect, Pterodactyl follows no redirect, and Pelican holds each one to
 * the same rule. So this keeps the panel from asking, and the node's own check is what stands against a name that changes.
 *
 * @throws {AppError} `file.pull_refused`
 */
export async function assertPublic(given: string): Promise<string> {
  const url = URL.parse(given)
  const refused = (host: string) => new AppError('file.pull_refused', { values: { host: host.slice(0, 200) } })
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) throw refused(given)

  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const addresses = isIP(host) ? [host] : await addressesOf(host, NAMES_WITHIN_MS)
  if (addresses.length === 0 || addresses.some(isPrivate)) throw refused(host)
  return url.href
}
