import { beforeAll, describe, expect, it } from 'vitest'
import { covers, isAddressEntry, spanOf } from '#shared/utils/addresses'
import type { H3Event } from 'h3'
import { clientAddress, isListed } from '#server/http/address'

describe('an entry of a list of addresses', () => {
  it.each([
    '10.0.0.1',
    ' 10.0.0.1 ',
    '0.0.0.0/0',
    '10.1.2.3/8',
    '10.0.0.1/32',
    '10.0.0.1-10.0.0.9',
    '10.0.0.1 - 10.0.0.1',
    '10.0.*.*',
    '*.*.*.*',
    '::',
    '::1',
    '2001:db8::1',
    '2001:DB8:0:0:1:2:3:4',
    '1:2:3:4:5:6:7::',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '2001:db8::/32',
    '::/0',
    '2001:db8::1-2001:db8::ff',
  ])('is %s', (entry) => {
    expect(isAddressEntry(entry)).toBe(true)
  })

  it.each([
    '',
    'x',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '0x7f.0.0.1',
    '2130706433',
    '10.0.0.1/33',
    '10.0.0.1/',
    '10.0.0.1/8/8',
    '10.0.0.1/-1',
    '10.0.0.9-10.0.0.1',
    '10.0.0.1-',
    '-10.0.0.1',
    '10.0.0.1-10.0.0.2-10.0.0.3',
    '10.0.0.1-::1',
    '10.*.5.*',
    '*',
    '10.*',
    '256.*.*.*',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::1',
    'fe80::1%eth0',
    '2001:db8::/129',
    '::ffff:10.0.0.0/104',
    '[::1]',
    '10.0.0.1:80',
  ])('is not %j', (entry) => {
    expect(isAddressEntry(entry)).toBe(false)
  })

  it.each([
    ['10.0.0.5', '10.0.0.1-10.0.0.9', true],
    ['10.0.0.10', '10.0.0.1-10.0.0.9', false],
    ['10.0.7.255', '10.0.*.*', true],
    ['10.1.0.0', '10.0.*.*', false],
    ['10.255.255.255', '10.1.2.3/8', true],
    ['11.0.0.0', '10.1.2.3/8', false],
    ['2001:db8:ffff::', '2001:db8::/32', true],
    ['2001:db9::', '2001:db8::/32', false],
    ['::ffff:10.0.0.1', '10.0.0.0/8', true],
    ['10.0.0.1', '::/0', false],
    ['10.0.0.1', '::ffff:10.0.0.1', true],
    ['::1', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, entry, expected) => {
    expect(isListed(address, [entry])).toBe(expected)
    expect(isListed(address, ['nonsense', '203.0.113.1', entry])).toBe(expected)
  })

  it('covers what lies within it', () => {
    const is = (outer: string, inner: string) => covers(spanOf(outer)!, spanOf(inner)!)
    expect(is('10.0.0.0/8', '10.1.*.*')).toBe(true)
    expect(is('10.0.0.0/8', '10.0.0.0/7')).toBe(false)
    expect(is('10.0.0.1-10.0.0.9', '10.0.0.9-10.0.0.10')).toBe(false)
    expect(is('::/0', '0.0.0.0/0')).toBe(false)
  })
})

describe('behind a proxy on the same machine', () => {
  beforeAll(() => {
    process.env.DATABASE_URL ||= 'postgres://nobody@127.0.0.1:1/none'
    process.env.APP_SECRET ||= 'only for tests, only for tests, only for tests'
  })

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['192.0.2.1, 198.51.100.7', '198.51.100.7'],
    ['[2001:DB8::7]:443', '2001:db8::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['198.51.100.7, nonsense', '198.51.100.7'],
    // What other programs would read as 0.0.0.7 and as 198.51.100.7.
    ['7', '127.0.0.1'],
    ['0xc6336407', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('who is forwarded as %j asks from %s', (header, address) => {
    const req = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': header } }
    expect(clientAddress({ node: { req } } as unknown as H3Event)).toBe(address)
  })
})
