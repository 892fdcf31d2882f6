import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { AppError } from '#server/errors'
import { addressesOf } from '#server/services/outside/addresses-of'

const RANGE_MAX = 1000
const LOWEST = 1025
const HIGHEST = 65_535
const RESOLVE_MS = 2_000

/**
 * The addresses behind an address, a name, or a network from /25 to /32. Of a name the first, of IPv4 if there is one: a
 * container's port is bound to an address.
 *
 * @throws {AppError} `allocation.cidr_out_of_range`, `allocation.address_invalid`
 */
export async function expandAddresses(given: string): Promise<string[]> {
  const text = given.replace(/^\[(.*)\]$/, '$1')
  if (!text.includes('/')) {
    if (isIP(text)) return [text.toLowerCase()]
    if (
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text) &&
      !/^[\d.]+$/.test(text)
    ) {
      const found = await addressesOf(text, RESOLVE_MS)
      const chosen = found.find((address) => isIP(address) === 4) ?? found[0]
      if (chosen) return [chosen.toLowerCase()]
    }
    throw new AppError('allocation.address_invalid', { values: { ip: given } })
  }

  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text))
    throw new AppError('allocation.address_invalid', { values: { ip: given } })
  const [network, bits] = ipaddr.IPv4.parseCIDR(text)
  if (bits < 25) throw new AppError('allocation.cidr_out_of_range')

  const first = ipaddr.IPv4.networkAddressFromCIDR(text).octets
  const [a = 0, b = 0, c = 0, d = 0] = first
  const size = 2 ** (32 - bits)
  return network.kind() === 'ipv4' ? Array.from({ length: size }, (_, index) => `${a}.${b}.${c}.${d + index}`) : []
}

/**
 * `["25565", "25570-25580"]` → every port once.
 *
 * @throws {AppError} `allocation.port_invalid`, `allocation.too_many_ports`, `allocation.port_out_of_range`
 */
export function expandPorts(given: readonly string[]): number[] {
  const ports = new Set<number>()
  for (const entry of given) for (const port of portsOf(entry.trim())) ports.add(port)
  return [...ports].sort((a, b) => a - b)
}

function portsOf(entry: string): number[] {
  const [, from, to] = /^(\d+)(?:-(\d{1,5}))?$/.exec(entry) ?? []
  if (!from) throw new AppError('allocation.port_invalid', { values: { port: entry } })
  if (to && (from.length < 4 || from.length > 5 || to.length < 4 || Number(to) < Number(from)))
    throw new AppError('allocation.port_invalid', { values: { port: entry } })

  const [first, last] = [Number(from), Number(to ?? from)]
  if (first < LOWEST || last > HIGHEST) throw new AppError('allocation.port_out_of_range')
  if (last - first + 1 > RANGE_MAX) throw new AppError('allocation.too_many_ports')
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
