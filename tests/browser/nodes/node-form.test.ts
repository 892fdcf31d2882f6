import { describe, expect, it } from 'vitest'
import { nodeBody } from '#shared/contracts/application/nodes'
import { node } from './node'

describe('the form of a node', () => {
  it('sends back what it was given', () => {
    const { daemon_connect, memory, memory_overallocate, disk_overallocate, fqdn, tags, daemon_base } = node
    expect(nodeBody.parse(nodeBodyOf(nodeDraftOf(node)))).toMatchObject({
      daemon_connect,
      memory,
      memory_overallocate,
      disk_overallocate,
      fqdn,
      tags,
      daemon_base,
      base_url: null,
    })
  })

  it('keeps an address that was set by hand, and tells it from the usual one', () => {
    expect(nodeDraftOf(node).baseUrl).toBe('')
    expect(nodeDraftOf({ ...node, base_url: 'http://10.0.0.5:8080' }).baseUrl).toBe('http://10.0.0.5:8080')
  })

  it.each([
    [false, 8443, 8080],
    [true, 443, 443],
  ])('behind a proxy: %s, the world connects to %i: sends %i', (behindProxy, connectPort, sent) => {
    const draft = { ...nodeDraftOf(node), behindProxy, connectPort }
    expect(nodeBodyOf(draft)).toMatchObject({ daemon_listen: 8080, daemon_connect: sent })
  })

  it.each([
    ['localhost', 'http', 'local'],
    ['127.0.0.1', 'https', 'local'],
    ['0.0.0.0', 'http', 'local'],
    ['198.51.100.24', 'https', 'certificate'],
    ['2001:db8::1', 'https', 'certificate'],
    ['198.51.100.24', 'http', undefined],
    ['fra-2.kestrel.gg', 'https', undefined],
    ['', 'https', undefined],
  ] as const)('doubts %s over %s: %s', (fqdn, scheme, doubt) => {
    expect(addressDoubtOf({ fqdn, scheme })).toBe(doubt)
  })

  it('puts an IPv6 address in brackets', () => {
    expect(nodeAddressOf({ scheme: 'https', fqdn: '2001:db8::1', daemon_connect: 8080 })).toBe(
      'https://[2001:db8::1]:8080',
    )
  })
})

describe('printYaml()', () => {
  it('prints what Wings reads', () => {
    const text = printYaml({
      debug: false,
      token: 'a"b',
      api: { port: 8080, ssl: { enabled: true } },
      allowed_mounts: [],
      hosts: ['a', 'b'],
    })
    expect(text).toBe(
      'debug: false\ntoken: "a\\"b"\napi:\n  port: 8080\n  ssl:\n    enabled: true\nallowed_mounts: []\nhosts:\n  - "a"\n  - "b"\n',
    )
  })
})
