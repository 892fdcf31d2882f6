/** The addresses that an entry of a list stands for, from the first to the last of them. */
export interface AddressSpan {
  family: 4 | 6
  first: bigint
  last: bigint
}

type Address = Pick<AddressSpan, 'family'> & { value: bigint }

const WIDTH = { 4: 32, 6: 128 } as const
const MAPPED = 0xff_ffn

/** Reads an address, CIDR, `10.0.0.1-10.0.0.9` or `10.0.*.*`; undefined where it is none of them. */
export function spanOf(entry: string): AddressSpan | undefined {
  const text = entry.trim()
  if (text.includes('*')) return spanOfWildcard(text)
  if (text.includes('/')) return spanOfNetwork(text)

  const [from, to, ...more] = text.split('-').map(addressOf)
  if (!from || more.length > 0 || (text.includes('-') && !to)) return undefined
  const last = to ?? from
  return from.family === last.family && from.value <= last.value
    ? { family: from.family, first: from.value, last: last.value }
    : undefined
}

export const isAddressEntry = (entry: string): boolean => spanOf(entry) !== undefined

/** Whether nothing that `inner` lets in is kept out by `outer`. */
export const covers = (outer: AddressSpan, inner: AddressSpan): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last

/** Only whole parts at the end: `10.*.5.*` is no stretch of addresses. */
function spanOfWildcard(text: string): AddressSpan | undefined {
  if (!/^(?:\d{1,3}\.){0,3}\*(?:\.\*){0,3}$/.test(text)) return undefined
  const [first, last] = [addressOf(text.replaceAll('*', '0')), addressOf(text.replaceAll('*', '255'))]
  return first && last && { family: 4, first: first.value, last: last.value }
}

function spanOfNetwork(text: string): AddressSpan | undefined {
  const [, name = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const address = addressOf(name)
  // A mapped address is one of IPv4, and the mask is not.
  if (!address || Number(bits) > WIDTH[address.family] || (address.family === 4 && name.includes(':'))) return undefined
  const hosts = (1n << BigInt(WIDTH[address.family] - Number(bits))) - 1n
  const first = address.value & ~hosts
  return { family: address.family, first, last: first | hosts }
}

function addressOf(text: string): Address | undefined {
  const bare = text.trim()
  if (!bare.includes(':')) {
    const value = numberOf(bare)
    return value === undefined ? undefined : { family: 4, value }
  }

  const value = wideNumberOf(bare)
  if (value === undefined) return undefined
  return value >> 32n === MAPPED ? { family: 4, value: value & 0xff_ff_ff_ffn } : { family: 6, value }
}

/** Of an IPv4 address. Some read a leading zero as octal: it is refused. */
function numberOf(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

/** Of an IPv6 address. */
function wideNumberOf(text: string): bigint | undefined {
  const [head = '', tail, ...more] = withoutDots(text)?.split('::') ?? []
  if (more.length > 0) return undefined
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined

  const groups = [...before, ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'), ...after]
  if (groups.some((group) => !/^[\da-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

/** `::ffff:10.0.0.1` with the end as two groups. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text
  const at = text.lastIndexOf(':') + 1
  const value = numberOf(text.slice(at))
  return value === undefined
    ? undefined
    : `${text.slice(0, at)}${(value >> 16n).toString(16)}:${(value & 0xff_ffn).toString(16)}`
}
